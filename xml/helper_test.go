package xml

import (
	"fmt"
	"strconv"
)

func quote(b []byte) string { return strconv.Quote(string(b)) }

func place(p Position) string { return fmt.Sprintf("@%d:%d+%d", p.Line, p.Column, p.Offset) }

func number(n int) string { return strconv.Itoa(n) }
