package main

// operations is what JavaScript can ask for. It learns the names, in this
// order, from the first one, and calls by number from then on.
var operations []operation

func init() {
	operations = []operation{
		{"", listOperations},
		{"soap.parse", soapParse},
		{"soap.build", soapBuild},
		{"soap.indent", soapIndent},
		{"soap.session", soapSession},
		{"dsml.build", dsmlBuild},
		{"dsml.validate", dsmlValidate},
		{"filter.parse", filterParse},
		{"filter.format", filterFormat},
		{"control.encode", controlEncode},
		{"control.decode", controlDecode},
		{"ldif.parse", ldifParse},
		{"ldif.format", ldifFormat},
		{"result.name", resultName},
		{"stream.open", streamOpen},
		{"parse.check", parseCheck},
		{"stream.free", freeHandle},
		{"sql.parse", sqlParse},
		{"sql.build", sqlBuild},
		{"sql.validate", sqlValidate},
		{"sql.open", sqlOpen},
		{"sql.feed", sqlFeed},
		{"sql.close", sqlClose},
		{"session.dsml", sessionDSML},
		{"session.sql", sessionSQL},
		{"session.restore", sessionRestore},
		{"session.look", sessionLook},
		{"session.view", sessionView},
		{"session.begin", sessionBegin},
		{"session.send", sessionSend},
		{"session.end", sessionEnd},
		{"session.receive", sessionReceive},
		{"session.failed", sessionFailed},
		{"session.insist", sessionInsist},
		{"session.free", freeHandle},
	}
}

func listOperations(c *call) error {
	c.out.list(len(operations))
	for _, op := range operations {
		c.out.text(op.name)
	}
	return nil
}

func freeHandle(c *call) error {
	delete(c.kit.objects.items, int32(c.arg("handle").num))
	return nil
}
