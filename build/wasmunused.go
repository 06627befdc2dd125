package main

import (
	"slices"
	"strings"
)

// neverRun are functions that Go links and that a program comes to only when it
// has turned something on. The beginnings of their names stand with that of what
// turns it on, if there is such: then a program that has linked that keeps them.
// They are a fifteenth of all code.
var neverRun = []struct {
	unless    string
	functions []string
}{
	{"runtime/trace.", []string{
		"runtime.traceLocker.", "runtime.traceWriter.", "runtime.traceEventWriter.", "runtime.(*traceMap).", "runtime.(*traceBuf).",
		"runtime.(*traceStringTable).put", "runtime.(*traceStringTable).writeString", "runtime.(*traceStackTable).dump",
		"runtime.(*traceTypeTable).dump", "runtime.(*traceRegionAlloc).", "runtime.traceAdvance", "runtime.traceReadCPU",
		"runtime.traceStopReadCPU", "runtime.traceSyncBatch", "runtime.traceStack", "runtime.traceRegisterLabelsAndReasons",
		"runtime.fpunwindExpand", "runtime.startPCForTrace", "runtime.makeTraceFrame",
	}},
	{"runtime/pprof.", []string{"runtime.(*profBuf).", "runtime.doRecordGoroutineProfile", "runtime.findGoroutineLeaks"}},
	{"runtime/metrics.", []string{"runtime.initMetrics"}},
	{"testing/synctest.", []string{"runtime.(*synctestBubble)."}},
	{"plugin.", []string{"runtime.typesEqual"}},
	{"runtime/cgo.", []string{
		"runtime.printOneCgoTraceback", "runtime.printCgoTraceback", "runtime.expandCgoFrames", "runtime.callCgoSymbolizer", "runtime.cgoContextPCs",
	}},
	// These are turned on by GODEBUG, which a page has not.
	{"", []string{
		"internal/bisect.", "runtime.schedtrace", "runtime.checkFinalizersAndCleanups", "runtime.dumpStacksRec", "runtime.dumpTypesRec",
		"runtime.dumpScanStats", "runtime.printScavTrace", "runtime.printAncestorTraceback",
		"runtime.setCheckmark", "runtime.runCheckmark", "runtime.startCheckmarks",
	}},
}

// unused tells which of the functions never run.
func (t *functionTables) unused() (numbers []int) {
	names := make([]string, len(t.functions))
	for i, f := range t.functions {
		names[i] = t.name(f.name)
	}
	for _, group := range neverRun {
		if group.unless != "" && slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(name, group.unless) }) {
			continue
		}
		for i, name := range names {
			if slices.ContainsFunc(group.functions, func(start string) bool { return strings.HasPrefix(name, start) }) {
				numbers = append(numbers, i)
			}
		}
	}
	return numbers
}

// trap is the code of a function that ends the program when it is called.
const trap = "\x00\x00\x0b" // no variables, unreachable, end

// dropUnused takes the code and the records of neverRun.
func (t *functionTables) dropUnused(bodies [][]byte) {
	for _, i := range t.unused() {
		entry := t.functions[i].entry
		bodies[entry-firstEntry] = []byte(trap)
		t.functions[i] = function{entry: entry}
	}
}
