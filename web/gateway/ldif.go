package gateway

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/web/directory/memory"
	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
	"github.com/dsmlkit/dsmlkit/xml/ldif"
)

// maxLDIF bounds one file, in bytes: all of it is held in memory.
const maxLDIF = 1 << 30

// exported are attributes that dumps of other servers hold and that only a
// directory itself writes. They are left out on loading, so that a dump can be
// loaded as it is.
var exported = map[string]bool{
	"structuralobjectclass": true, "entryuuid": true, "entrycsn": true, "contextcsn": true, "entrydn": true,
	"creatorsname": true, "createtimestamp": true, "modifiersname": true, "modifytimestamp": true,
	"subschemasubentry": true, "hassubordinates": true, "numsubordinates": true,
}

// record is one request of an LDIF file and where it stands.
type record struct {
	request dsml.Request
	file    string
	line    int
	dn      *goldap.DN // of an entry; nil for a change
}

// loadLDIF makes a directory in memory of files. Entries may come in any
// order; changes are made after them, in theirs. A tree begins at every entry
// that has none above it in the files.
func loadLDIF(ctx context.Context, files []string) (*memory.Directory, error) {
	var entries, changes []record
	for _, file := range files {
		e, c, err := readLDIF(file)
		if err != nil {
			return nil, err
		}
		entries, changes = append(entries, e...), append(changes, c...)
	}
	slices.SortStableFunc(entries, func(a, b record) int { return len(a.dn.RDNs) - len(b.dn.RDNs) })
	d, err := memory.New(memory.Options{Contexts: roots(entries)})
	if err != nil {
		return nil, err
	}
	conn, err := d.Connect(ctx, directory.Identity{Anonymous: true})
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	defer conn.Close()
	for _, r := range append(entries, changes...) {
		if err := r.load(ctx, conn); err != nil {
			return nil, errors.Join(err, d.Close())
		}
	}
	return d, nil
}

func readLDIF(file string) (entries, changes []record, err error) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("--ldif: %w", err)
	case info.Size() > maxLDIF:
		return nil, nil, fmt.Errorf("--ldif %s: the file has more than %d bytes, which is more than a directory in memory is for", file, maxLDIF)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, fmt.Errorf("--ldif: %w", err)
	}
	parsed, err := ldif.Parse(text, ldif.Options{Limits: xml.Limits{Length: maxLDIF, TokenLength: 64 << 20}})
	if err != nil {
		var at *xml.Error
		if errors.As(err, &at) {
			return nil, nil, fmt.Errorf("%s:%d: %s%s", file, at.Pos.Line, at.Message, hint(at.Hint))
		}
		return nil, nil, fmt.Errorf("%s: %w", file, err)
	}
	lines := recordLines(text)
	lineOf := func(i int) int {
		if i < len(lines) {
			return lines[i]
		}
		return 1
	}
	for i, e := range parsed.Entries {
		dn, err := goldap.ParseDN(memory.Unquoted(e.DN))
		if err != nil {
			return nil, nil, fmt.Errorf("%s:%d: %q is not the name of an entry: %w", file, lineOf(i), e.DN, err)
		}
		add := &dsml.AddRequest{DN: e.DN}
		for _, a := range e.Attrs {
			name, _, _ := strings.Cut(strings.ToLower(a.Name), ";")
			if !exported[name] && !strings.HasPrefix(name, "ds-") { // settings of an OpenDJ server for one user
				add.Attrs = append(add.Attrs, a)
			}
		}
		entries = append(entries, record{add, file, lineOf(i), dn})
	}
	if parsed.Batch != nil {
		for i, r := range parsed.Batch.Requests {
			changes = append(changes, record{r, file, lineOf(i), nil})
		}
	}
	return entries, changes, nil
}

// recordLines gives the line of each record's name, in order.
func recordLines(text []byte) []int {
	var lines []int
	line := 0
	for row := range bytes.Lines(text) {
		line++
		if len(row) >= 3 && strings.EqualFold(string(row[:3]), "dn:") {
			lines = append(lines, line)
		}
	}
	return lines
}

// roots are the names of the entries that have none above them.
func roots(sorted []record) []string {
	var tops []*goldap.DN
	var names []string
	for _, r := range sorted {
		if slices.ContainsFunc(tops, func(top *goldap.DN) bool { return top.EqualFold(r.dn) || top.AncestorOfFold(r.dn) }) {
			continue
		}
		tops = append(tops, r.dn)
		names = append(names, r.request.(*dsml.AddRequest).DN)
	}
	return names
}

func (r record) load(ctx context.Context, conn directory.Conn) error {
	response, err := conn.Do(ctx, r.request, func(directory.SearchItem) error { return nil })
	if err != nil {
		return fmt.Errorf("%s:%d: %w", r.file, r.line, err)
	}
	result, ok := response.(*dsml.Result)
	if !ok || !result.Code.IsError() {
		return nil
	}
	why := ""
	switch result.Code {
	case dsml.NoSuchObject:
		why = "the entry above it is in none of the files; add it, or remove this one"
	case dsml.UndefinedAttributeType, dsml.ObjectClassViolation:
		why = "the directory in memory knows the schema that it publishes at cn=Subschema, no other; leave the attribute out, or add the object class extensibleObject"
	}
	return fmt.Errorf("%s:%d: %s (%s)%s", r.file, r.line, result.ErrorMessage, result.Code, hint(why))
}

func hint(text string) string {
	if text == "" {
		return ""
	}
	return "\n  hint: " + text
}
