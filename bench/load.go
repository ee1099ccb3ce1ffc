package bench

import (
	"os"
	"slices"
	"strconv"
	"strings"
)

// load is what the machine has done since it was started, in clock ticks of
// all its processors; zero where the operating system does not tell.
type load struct {
	total, idle, stolen int
	own                 int // by this process
}

func readLoad() load {
	machine, err := os.ReadFile("/proc/stat")
	if err != nil {
		return load{}
	}
	process, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return load{}
	}
	return parseLoad(string(machine), string(process))
}

// parseLoad reads the first line of Linux' /proc/stat, and /proc/PID/stat.
//
// Source: https://man7.org/linux/man-pages/man5/proc_stat.5.html and
// proc_pid_stat.5.html
func parseLoad(machine, process string) load {
	line, _, _ := strings.Cut(machine, "\n")
	fields := strings.Fields(line)
	// The name of a process may hold anything, but nothing after it a parenthesis.
	own := strings.Fields(process[strings.LastIndexByte(process, ')')+1:])
	const guest, user, system = 8, 11, 12 // places after "cpu", and after the name
	if len(fields) < 1+guest || fields[0] != "cpu" || len(own) <= system {
		return load{}
	}
	ticks := func(s string) int { n, _ := strconv.Atoi(s); return n }
	var l load
	for _, s := range fields[1 : 1+guest] { // time of guests is part of user time
		l.total += ticks(s)
	}
	const idle, waiting, stolen = 3, 4, 7
	l.idle, l.stolen = ticks(fields[1+idle])+ticks(fields[1+waiting]), ticks(fields[1+stolen])
	l.own = ticks(own[user]) + ticks(own[system])
	return l
}

// Noise is how much the machine had on its mind besides.
type Noise struct {
	// PeakVariation is how far apart the peaks of one core were, leaving out
	// the highest and the lowest tenth, as a share of their median.
	PeakVariation float64 `json:"peak_variation"`
	// Stolen and Others are the shares of the machine's time that went to other
	// virtual machines, and to other processes; 0 where they are not known.
	Stolen float64 `json:"stolen"`
	Others float64 `json:"others"`
	Noisy  bool    `json:"noisy"`
}

// Above any of these a machine is called noisy.
const (
	mostVariation = 0.10
	mostStolen    = 0.02
	mostOthers    = 0.05
)

func noise(before, after load, peaks []float64) Noise {
	var n Noise
	if total := float64(after.total - before.total); total > 0 {
		busy := total - float64(after.idle-before.idle)
		n.Stolen = float64(after.stolen-before.stolen) / total
		n.Others = max(0, (busy-float64(after.own-before.own))/total-n.Stolen)
	}
	if sorted := slices.Sorted(slices.Values(peaks)); len(sorted) > 0 {
		n.PeakVariation = (quantile(sorted, 0.9) - quantile(sorted, 0.1)) / quantile(sorted, 0.5)
	}
	n.Noisy = n.PeakVariation > mostVariation || n.Stolen > mostStolen || n.Others > mostOthers
	return n
}
