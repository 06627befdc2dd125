package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// site gives the files of the static site by name: what serve serves, with the
// policy inside the document, since a static host may send no headers.
func (t tree) site() (map[string][]byte, error) {
	index, err := os.ReadFile(t.path("index.html"))
	if err != nil {
		return nil, err
	}
	index, err = withMetaPolicy(index)
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{"index.html": index}
	top := t.path(pageFolder)
	err = filepath.WalkDir(top, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || mediaTypes[path.Ext(file)] == "" {
			return err
		}
		name, err := filepath.Rel(top, file)
		if err != nil {
			return err
		}
		files["page/"+filepath.ToSlash(name)], err = os.ReadFile(file)
		return err
	})
	return files, err
}

// withMetaPolicy puts the policy right behind the character set: it only holds
// for what comes after it.
func withMetaPolicy(index []byte) ([]byte, error) {
	if bytes.Contains(index, []byte("Content-Security-Policy")) {
		return nil, errors.New("index.html states a Content-Security-Policy itself; the build adds the one in build/csp.go")
	}
	const mark = `<meta charset="utf-8">`
	before, after, found := bytes.Cut(index, []byte(mark))
	if !found {
		return nil, fmt.Errorf("index.html has no %s, behind which the Content-Security-Policy goes", mark)
	}
	policy := fmt.Sprintf("%s\n<meta http-equiv=\"Content-Security-Policy\" content=\"%s\">", mark, metaPolicy())
	return bytes.Join([][]byte{before, []byte(policy), after}, nil), nil
}
