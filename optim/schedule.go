package optim

import (
	"fmt"
	"strconv"
	"strings"
)

// Stage is a number of epochs at one learning rate.
type Stage struct {
	LearningRate float64 `json:"learning_rate"`
	Epochs       int     `json:"epochs"`
}

// maxLearningRate is the largest float32, rounded down to what one would write.
const maxLearningRate = 3.4e38

// Check refuses learning rates that are negative, not numbers or too large for
// a float32, and negative numbers of epochs. 0 is allowed for both.
func (s Stage) Check() error {
	if !(s.LearningRate >= 0 && s.LearningRate <= maxLearningRate) {
		return fmt.Errorf("lr: expected 0 <= lr <= 3.4e38, got %v", s.LearningRate)
	}
	if s.Epochs < 0 {
		return fmt.Errorf("epochs: expected at least 0, got %d", s.Epochs)
	}
	return nil
}

// ParseSchedule reads stages such as "0.07x2,0.01x3": learning rate, x, epochs,
// separated by commas. Blanks around a stage are ignored.
func ParseSchedule(text string) ([]Stage, error) {
	var stages []Stage
	for i, part := range strings.Split(text, ",") {
		s, err := parseStage(strings.TrimSpace(part))
		if err != nil {
			return nil, fmt.Errorf("schedule: stage %d: %w", i+1, err)
		}
		stages = append(stages, s)
	}
	return stages, nil
}

func parseStage(text string) (s Stage, err error) {
	malformed := func(want, got string) error {
		return fmt.Errorf("expected %s, got %.40q; for instance 0.07x2,0.01x3", want, got)
	}
	rate, epochs, ok := strings.Cut(text, "x")
	if !ok {
		return s, malformed("LRxEPOCHS", text)
	}
	// ParseFloat also reads hexadecimal numbers and underscores, which are
	// typing errors here.
	if strings.ContainsAny(rate, "_xXpP") {
		return s, malformed("a learning rate", rate)
	}
	// Numbers out of range become infinite, which Check refuses by its limits.
	s.LearningRate, err = strconv.ParseFloat(rate, 64)
	if err != nil && s.LearningRate == 0 {
		return s, malformed("a learning rate", rate)
	}
	s.Epochs, err = strconv.Atoi(epochs)
	if err != nil {
		return s, malformed("a whole number of epochs", epochs)
	}
	return s, s.Check()
}

// FormatSchedule writes stages the way ParseSchedule reads them.
func FormatSchedule(stages []Stage) string {
	var parts []string
	for _, s := range stages {
		parts = append(parts, strconv.FormatFloat(s.LearningRate, 'g', -1, 64)+"x"+strconv.Itoa(s.Epochs))
	}
	return strings.Join(parts, ",")
}
