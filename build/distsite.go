package main

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/dsmlkit/dsmlkit/web/gateway"
)

// site gives the files of the static site by name: what serve serves, with the
// policy inside the document, since a static host may send no headers.
func (t tree) site() (map[string][]byte, error) {
	files, err := t.pageFiles()
	if err != nil {
		return nil, err
	}
	for name := range files {
		if !gateway.IsPageFile(name) {
			delete(files, name) // a compressed twin
		}
	}
	files["index.html"], err = withMetaPolicy(files["index.html"])
	return files, err
}

// withMetaPolicy puts the policy right behind the character set: it only holds
// for what comes after it.
func withMetaPolicy(index []byte) ([]byte, error) {
	if bytes.Contains(index, []byte("Content-Security-Policy")) {
		return nil, errors.New("index.html states a Content-Security-Policy itself; the build adds gateway.PagePolicy")
	}
	const mark = `<meta charset="utf-8">`
	before, after, found := bytes.Cut(index, []byte(mark))
	if !found {
		return nil, fmt.Errorf("index.html has no %s, behind which the Content-Security-Policy goes", mark)
	}
	policy := fmt.Sprintf("%s\n<meta http-equiv=\"Content-Security-Policy\" content=\"%s\">", mark, gateway.PagePolicy)
	return bytes.Join([][]byte{before, []byte(policy), after}, nil), nil
}
