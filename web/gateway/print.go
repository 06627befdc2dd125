package gateway

import (
	"fmt"
	"strings"
)

// mask stands where a secret would.
const mask = "********"

// help is what --help prints.
func help(p Program) string {
	var b strings.Builder
	fmt.Fprintf(&b, "usage: %s [options]\n\n%s\n", p.Name, p.About)
	line := func(head, text string) { fmt.Fprintf(&b, "  %-34s %s\n", head, text) }
	group, c := "", Defaults()
	for _, s := range settings {
		if s.group != group {
			group = s.group
			fmt.Fprintf(&b, "\n%s:\n", group)
		}
		text := s.about
		if d := s.defaultText(c); d != "" {
			text += " (default " + d + ")"
		}
		line(strings.TrimSpace("--"+s.name+" "+s.value), text)
	}
	b.WriteString("\nConfiguration:\n")
	line("--config file", "read settings from this TOML file; its keys are the names above: listen = \"0.0.0.0:8080\"")
	line("--print-config", "print the settings in force, secrets masked, as such a file")
	line("--version", "print the version")
	fmt.Fprintf(&b, "\nEach setting has a variable as well: --session-ttl is %s, --config is %sCONFIG; lists are\nseparated by spaces. Options go before variables, variables before the file.\n", settingNamed("session-ttl").variable(), environmentPrefix)
	return b.String()
}

// defaultText is the default for people; "" where it is nothing.
func (s *setting) defaultText(c *Config) string {
	switch text := s.field(c).String(); text {
	case "false":
		return ""
	default:
		return text
	}
}

// print writes the settings in force as a file that can be read back, and where
// each one comes from. Secrets are masked.
func (c *Config) print(from map[string]source) string {
	var b strings.Builder
	b.WriteString("# The settings of dsmlkit in force. Secrets are masked: give those by the environment.\n")
	group := ""
	for _, s := range settings {
		if s.group != group {
			group = s.group
			fmt.Fprintf(&b, "\n# %s\n", group)
		}
		f := s.field(c)
		value, comment := f.toml(), from[s.name]
		switch {
		case comment == "":
			comment = "default"
		case s.secret && f.String() != "":
			value = tomlString(mask)
		}
		line := fmt.Sprintf("%s = %s", s.name, value)
		if s.secret || f.String() == "" && !s.isList() {
			// What is not set, or cannot be shown, does not become a setting when
			// the text is read back.
			line = "# " + line
		}
		fmt.Fprintf(&b, "%-50s # %s\n", line, comment)
	}
	return b.String()
}
