package gateway

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

// Program is how the gateway is started, for its help and its messages.
type Program struct {
	Name    string // as it is typed: "dsmlkit", "go run ./build serve"
	About   string // what it does, for the help
	Version string
	Out     io.Writer // for the help and the printed configuration
}

// ErrPrinted says that what was asked for has been printed and there is nothing
// to serve.
var ErrPrinted = errors.New("printed")

// UsageError is a mistake in the settings. Its text is one line for each.
type UsageError struct{ Message string }

func (e *UsageError) Error() string { return e.Message }

// source is where the value of a setting comes from: "--listen",
// "DSMLKIT_LISTEN", "gateway.toml:3: listen", or "" for its default.
type source = string

// reading collects what was said, before it is judged.
type reading struct {
	values map[string][]string // by the name of the setting
	from   map[string]source
}

// say notes a value unless a source that goes before has given one.
func (r *reading) say(name string, from source, values ...string) {
	if _, said := r.from[name]; !said {
		r.values[name], r.from[name] = values, from
	}
}

// Configure reads the settings: options go before variables of the environment
// (written NAME=value, as by [os.Environ]), and these before the file that
// --config or DSMLKIT_CONFIG names. Errors are a *UsageError, ErrPrinted, or of
// reading the file.
func Configure(p Program, args, environ []string) (*Config, error) {
	r := &reading{values: map[string][]string{}, from: map[string]source{}}
	options, err := readOptions(args, r)
	seeHelp := "; see `" + p.Name + " --help`"
	if err != nil {
		return nil, &UsageError{err.Error() + seeHelp}
	}
	switch {
	case options.help:
		return nil, errors.Join(printed(io.WriteString(p.Out, help(p))), ErrPrinted)
	case options.version:
		return nil, errors.Join(printed(io.WriteString(p.Out, "dsmlkit "+p.Version+"\n")), ErrPrinted)
	}
	file, unknown := readEnvironment(environ, r)
	if options.config != "" {
		file = options.config
	}
	if file != "" {
		if err := readFile(file, r); err != nil {
			return nil, err
		}
	}
	c, err := r.apply()
	if err == nil {
		err = c.check(r.from)
	}
	if err != nil {
		return nil, &UsageError{err.Error()}
	}
	c.unknownVariables = unknown
	if options.print {
		return nil, errors.Join(printed(io.WriteString(p.Out, c.print(r.from))), ErrPrinted)
	}
	return c, nil
}

func printed(_ int, err error) error { return err }

// options are those of the command line that are no settings.
type options struct {
	config               string
	print, help, version bool
}

// said is an option of the command line that is a setting.
type said struct {
	name string
	r    *reading
	bool bool
}

func (s *said) Set(value string) error {
	s.r.from[s.name] = "--" + s.name
	s.r.values[s.name] = append(s.r.values[s.name], value)
	return nil
}
func (s *said) String() string   { return "" }
func (s *said) IsBoolFlag() bool { return s.bool }

func readOptions(args []string, r *reading) (options, error) {
	var o options
	set := flag.NewFlagSet("", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.Usage = func() {}
	set.StringVar(&o.config, "config", "", "")
	set.BoolVar(&o.print, "print-config", false, "")
	set.BoolVar(&o.version, "version", false, "")
	for _, s := range settings {
		set.Var(&said{s.name, r, s.value == ""}, s.name, "")
	}
	err := set.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		o.help = true
		return o, nil
	case err != nil:
		return o, errors.New(plain(err.Error()))
	case set.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q", set.Arg(0))
	}
	return o, nil
}

// plain puts the messages of package flag into words.
func plain(message string) string {
	if name, found := strings.CutPrefix(message, "flag provided but not defined: -"); found {
		return "there is no option --" + name
	}
	if name, found := strings.CutPrefix(message, "flag needs an argument: -"); found {
		return "the option --" + name + " needs a value"
	}
	return message
}

// readEnvironment returns the name of the file that the environment gives, and
// the variables that look like settings and are none. The values of a list are
// separated by white space.
func readEnvironment(environ []string, r *reading) (file string, unknown []string) {
	variables := map[string]string{}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		variables[name] = value
	}
	for _, s := range settings {
		value, found := variables[s.variable()]
		if !found || value == "" {
			continue
		}
		values := []string{value}
		if s.isList() {
			values = strings.Fields(value)
		}
		r.say(s.name, s.variable(), values...)
	}
	for name := range variables {
		setting := strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(name, environmentPrefix), "_", "-"))
		if strings.HasPrefix(name, environmentPrefix) && setting != "config" && settingNamed(setting) == nil {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	return variables[environmentPrefix+"CONFIG"], unknown
}

func (s *setting) isList() bool {
	_, list := s.field(&Config{}).(*listField)
	return list
}

// readFile reads a file of TOML whose keys are the names of the options.
func readFile(name string, r *reading) error {
	text, err := os.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &UsageError{"there is no configuration file " + name}
	case err != nil:
		return fmt.Errorf("reading the configuration: %w", err)
	}
	var content map[string]any
	if _, err := toml.Decode(string(text), &content); err != nil {
		var syntax toml.ParseError
		if errors.As(err, &syntax) {
			return &UsageError{fmt.Sprintf("%s:%d: %s", name, syntax.Position.Line, syntax.Message)}
		}
		return &UsageError{name + ": " + err.Error()}
	}
	for key, value := range content {
		from := fmt.Sprintf("%s:%d: %s", name, lineOf(string(text), key), key)
		s := settingNamed(key)
		if s == nil {
			return &UsageError{from + " is no setting; the settings are the options of --help, without dashes in front"}
		}
		values, err := texts(s, value)
		if err != nil {
			return &UsageError{from + ": " + err.Error()}
		}
		r.say(key, from, values...)
	}
	return nil
}

// lineOf finds the line on which a key is given a value.
func lineOf(text, key string) int {
	for i, line := range strings.Split(text, "\n") {
		head, _, found := strings.Cut(line, "=")
		if found && strings.Trim(strings.TrimSpace(head), `"'`) == key || strings.Trim(strings.TrimSpace(line), "[]") == key {
			return i + 1
		}
	}
	return 1
}

// texts turns a value of the file into what an option would have.
func texts(s *setting, value any) ([]string, error) {
	switch v := value.(type) {
	case string:
		if s.isList() {
			return nil, errors.New(`write a list: ["` + v + `"]`)
		}
		return []string{v}, nil
	case int64, bool:
		return []string{fmt.Sprint(v)}, nil
	case []any:
		if !s.isList() {
			return nil, errors.New("there is only one value")
		}
		all := make([]string, 0, len(v))
		for _, one := range v {
			text, ok := one.(string)
			if !ok {
				return nil, errors.New("the list holds something other than strings")
			}
			all = append(all, text)
		}
		return all, nil
	}
	return nil, errors.New("write a string, a number, true or false")
}

// apply makes the configuration of what was said.
func (r *reading) apply() (*Config, error) {
	c := Defaults()
	var wrong []error
	for _, s := range settings {
		f := s.field(c)
		for _, value := range r.values[s.name] {
			if err := f.Set(value); err != nil {
				if s.secret {
					value = mask
				}
				wrong = append(wrong, fmt.Errorf("%s: %q is not right: %w", r.from[s.name], value, err))
			}
		}
	}
	return c, errors.Join(wrong...)
}
