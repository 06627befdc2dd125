package slapd

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// configuration is the slapd.conf of a server.
func (s *Server) configuration(o Options) (string, error) {
	schemas, err := schemaFolder()
	if err != nil {
		return "", err
	}
	names := o.Schemas
	if names == nil {
		names = []string{"core", "cosine", "inetorgperson", "nis", "java", "misc"}
	}
	var b strings.Builder
	for _, name := range names {
		fmt.Fprintf(&b, "include %s\n", filepath.Join(schemas, name+".schema"))
	}
	b.WriteString(o.Schema + "\n")
	// Where the modules are no files, they are part of the program.
	if modules, err := folder("/usr/lib/ldap", "/usr/lib64/openldap", "/usr/lib/openldap", "/usr/libexec/openldap"); err == nil {
		fmt.Fprintf(&b, "modulepath %s\nmoduleload back_mdb\nmoduleload sssvlv\n", modules)
	}
	fmt.Fprintf(&b, "pidfile %s/pid\nargsfile %s/args\nsizelimit unlimited\ntimelimit unlimited\n", s.dir, s.dir)
	if o.TLS {
		fmt.Fprintf(&b, "TLSCACertificateFile %[1]s/ca.pem\nTLSCertificateFile %[1]s/server.pem\nTLSCertificateKeyFile %[1]s/server.key\n", s.dir)
	}
	b.WriteString(o.Global + "\n")
	database := o.Database
	if database == "" {
		database = anyone
	}
	for i, suffix := range o.Suffixes {
		data := filepath.Join(s.dir, fmt.Sprintf("data%d", i))
		if err := os.Mkdir(data, 0o700); err != nil {
			return "", err
		}
		fmt.Fprintf(&b, `
database mdb
maxsize 1073741824
suffix %q
rootdn %q
rootpw %s
directory %s
dbnosync
index objectClass eq
index cn,uid eq,sub
overlay sssvlv
%s
`, suffix, Admin(suffix), Password, data, database)
	}
	return b.String(), nil
}

func schemaFolder() (string, error) {
	return folder("/etc/ldap/schema", "/etc/openldap/schema", "/usr/local/etc/openldap/schema", "/opt/homebrew/etc/openldap/schema")
}

// Schema returns the text of a schema of OpenLDAP, to be changed for
// Options.Schema.
func Schema(t testing.TB, name string) string {
	t.Helper()
	dir, err := schemaFolder()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, name+".schema"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// folder returns the first of the folders that is there.
func folder(names ...string) (string, error) {
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			return name, nil
		}
	}
	return "", fmt.Errorf("no folder of OpenLDAP is here: neither %s; %s", strings.Join(names, " nor "), Missing)
}
