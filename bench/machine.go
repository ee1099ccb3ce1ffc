package bench

import (
	"os"
	"runtime"
	"strings"
)

// Machine is where a report was made.
type Machine struct {
	Processor string   `json:"processor"`
	Cores     int      `json:"cores"` // as many threads as run at the same time
	System    string   `json:"system"`
	Go        string   `json:"go"`
	Available []string `json:"instruction_sets"` // the fastest first
}

// ThisMachine is the machine the program runs on.
func ThisMachine() Machine {
	return Machine{processor(), runtime.NumCPU(), runtime.GOOS + "/" + runtime.GOARCH, runtime.Version(), InstructionSets()}
}

// processor is the name of the processor, as far as the system tells.
func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo") // Linux
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	if name := os.Getenv("PROCESSOR_IDENTIFIER"); name != "" { // Windows
		return name
	}
	return "unknown processor"
}
