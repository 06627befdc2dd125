package memory

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
)

// photo makes a picture that tells people apart: five by five squares, alike
// on the left and on the right, in one colour on a light ground.
func (g *generator) photo() string {
	const squares, size, margin = 5, 8, 4
	side := squares*size + 2*margin
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	ground := color.RGBA{0xf2, 0xf4, 0xf7, 0xff}
	bits := g.next()
	ink := color.RGBA{uint8(40 + bits>>40%140), uint8(40 + bits>>48%140), uint8(40 + bits>>56%140), 0xff}
	for y := range side {
		for x := range side {
			c := ground
			col, row := (x-margin)/size, (y-margin)/size
			if x >= margin && y >= margin && col < squares && row < squares {
				if col > squares/2 {
					col = squares - 1 - col
				}
				if bits>>(row*3+col)&1 == 1 {
					c = ink
				}
			}
			img.SetRGBA(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 75}); err != nil {
		panic("memory: sample photo: " + err.Error()) // a buffer takes everything
	}
	return out.String()
}
