package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// options reads the options of one command. The flag package does the
// reading; its messages are put into sentences, and options are written with
// two dashes.
type options struct {
	*flag.FlagSet
	about string
}

func newOptions(command, about string) *options {
	o := &options{flag.NewFlagSet(command, flag.ContinueOnError), about}
	o.SetOutput(io.Discard)
	o.Usage = func() {}
	return o
}

// read gives flag.ErrHelp after it has printed the help that was asked for.
func (o *options) read(args []string) error {
	err := o.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Print(o.help())
		return err
	}
	seeHelp := fmt.Sprintf("; see `go run ./build %s --help`", o.Name())
	if err != nil {
		return &usageError{o.Name() + ": " + plain(err.Error()) + seeHelp}
	}
	if o.NArg() > 0 {
		return &usageError{fmt.Sprintf("%s: unexpected argument %q%s", o.Name(), o.Arg(0), seeHelp)}
	}
	return nil
}

func plain(message string) string {
	if name, found := strings.CutPrefix(message, "flag provided but not defined: -"); found {
		return "there is no option --" + name
	}
	if name, found := strings.CutPrefix(message, "flag needs an argument: -"); found {
		return "the option --" + name + " needs a value"
	}
	return strings.Replace(message, "for flag -", "for option --", 1)
}

func (o *options) help() string {
	var b strings.Builder
	fmt.Fprintf(&b, "usage: go run ./build %s [options]\n\n%s\n", o.Name(), o.about)
	first := true
	o.VisitAll(func(f *flag.Flag) {
		if first {
			b.WriteString("\noptions:\n")
			first = false
		}
		value, text := flag.UnquoteUsage(f)
		head := "--" + f.Name
		if value != "" {
			head += " " + value
		}
		fmt.Fprintf(&b, "  %-34s %s", head, text)
		if f.DefValue != "" && f.DefValue != "false" {
			fmt.Fprintf(&b, " (default %s)", f.DefValue)
		}
		b.WriteString("\n")
	})
	return b.String()
}

// list is an option that may be given more than once.
type list []string

func (l *list) String() string     { return strings.Join(*l, ",") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }
