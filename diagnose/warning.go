package diagnose

// Kind is what a warning is about.
type Kind string

// The kinds of warnings.
const (
	StuckAtChance Kind = "stuck"
	LossDiverges  Kind = "diverging"
	UnitsDead     Kind = "dead"
)

// Warning is something a training shows, and what may help.
type Warning struct {
	Kind    Kind   `json:"kind"`
	Message string `json:"message"` // what was seen, with its numbers
	Hint    string `json:"hint"`    // what to try
}

// String is the warning as one line.
func (w Warning) String() string { return w.Message + "; " + w.Hint }
