package gateway

import "strings"

// Variables are the settings that are not as they are by default, as variables
// of the environment hold them: the values of lists separated by spaces, and
// secrets as they are.
func (c *Config) Variables() map[string]string {
	all, defaults := map[string]string{}, Defaults()
	for _, s := range settings {
		f := s.field(c)
		text := f.String()
		if text == s.field(defaults).String() {
			continue
		}
		if list, found := f.(*listField); found {
			text = strings.Join(*list, " ")
		}
		all[s.variable()] = text
	}
	return all
}

// VariableNames are the names of all settings in the environment.
func VariableNames() []string {
	var names []string
	for _, s := range settings {
		names = append(names, s.variable())
	}
	return names
}
