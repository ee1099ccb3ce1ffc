package sweep

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"strconv"
	"strings"
)

// MarshalJSON writes an object: names of flags, and values of their kind, null
// where the network has no such setting.
func (s Settings) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, one := range s {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Quote(one.Name) + ":")
		axis, _ := find(one.Name)
		switch {
		case one.Value == "":
			b.WriteString("null")
		case axis.form == word:
			text, err := json.Marshal(one.Value)
			if err != nil {
				return nil, err
			}
			b.Write(text)
		default:
			b.WriteString(one.Value)
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// MarshalJSON writes the settings of the training, what became of it, and its
// run.Result: config and epochs.
func (t *Trial) MarshalJSON() ([]byte, error) {
	record := struct {
		Index    int             `json:"index"`
		Settings Settings        `json:"settings"`
		State    State           `json:"state"`
		Error    string          `json:"error,omitempty"`
		Stuck    bool            `json:"stuck"`
		Diverged bool            `json:"diverged,omitempty"`
		Seconds  float64         `json:"seconds"`
		Result   json.RawMessage `json:"result,omitempty"`
	}{Index: t.Index, Settings: t.Settings, State: t.State(), Stuck: t.Stuck, Diverged: t.Diverged, Seconds: t.Seconds}
	if t.Err != nil {
		record.Error = t.Err.Error()
	}
	if t.Result != nil {
		var err error
		if record.Result, err = json.Marshal(t.Result); err != nil {
			return nil, err
		}
	}
	return json.Marshal(record)
}

// MarshalJSON writes null for no values, and no deviation for a single one.
func (s Spread) MarshalJSON() ([]byte, error) {
	if s.N == 0 {
		return []byte("null"), nil
	}
	record := struct {
		Mean      float64  `json:"mean"`
		Deviation *float64 `json:"deviation,omitempty"`
	}{Mean: s.Mean}
	if s.N > 1 {
		record.Deviation = &s.Deviation
	}
	return json.Marshal(record)
}

// MarshalJSON writes the settings, best first, and the best one, null for none.
func (s *Summary) MarshalJSON() ([]byte, error) {
	type row struct {
		Settings   Settings `json:"settings"`
		Trainings  int      `json:"trainings"`
		Finished   int      `json:"finished"`
		Failed     int      `json:"failed"`
		Stuck      int      `json:"stuck"`
		Diverged   int      `json:"diverged"`
		Train      Spread   `json:"train_error"`
		Validation *Spread  `json:"validation_error,omitempty"`
		Test       Spread   `json:"test_error"`
	}
	record := struct {
		RankedBy  string    `json:"ranked_by"`
		Trainings int       `json:"trainings"`
		Finished  int       `json:"finished"`
		Failed    int       `json:"failed"`
		Stuck     int       `json:"stuck"`
		Diverged  int       `json:"diverged"`
		Settings  []row     `json:"settings"`
		Best      *Settings `json:"best"`
	}{strings.ToLower(s.Measured) + "_error", s.Trainings, s.Finished, s.Failed, s.Stuck, s.Diverged, []row{}, nil}
	for _, r := range s.Rows {
		one := row{r.Settings, len(r.Trials), r.Finished, r.Failed, r.Stuck, r.Diverged, r.Train, nil, r.Test}
		if s.Measured != "Test" {
			one.Validation = &r.Measured
		}
		if one.Settings == nil {
			one.Settings = Settings{}
		}
		record.Settings = append(record.Settings, one)
	}
	if best, ok := s.Best(); ok {
		record.Best = &best.Settings
	}
	return json.Marshal(record)
}

// WriteJSON writes all trials that have ended, in the grid's order, and the
// summary, as one object.
func (s *Summary) WriteJSON(w io.Writer, trials []Trial) error {
	ended := []*Trial{}
	for i := range trials {
		if trials[i].State() != Unfinished {
			ended = append(ended, &trials[i])
		}
	}
	text, err := json.MarshalIndent(struct {
		Trainings []*Trial `json:"trainings"`
		Summary   *Summary `json:"summary"`
	}{ended, s}, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

// CSVHeader names the columns of CSVRow.
func CSVHeader() []string {
	return []string{
		"net", "depth", "kernel", "activation", "alpha", "alpha_per_channel", "batch", "momentum", "lr", "schedule", "validation", "seed",
		"state", "train_loss", "train_error", "validation_error", "test_error", "stuck", "seconds", "weights_sha256", "error",
	}
}

// CSVRow is a trial as CSV has it: errors are shares from 0 to 1, those of the
// last epoch; what is not known is empty.
func (t *Trial) CSVRow() []string {
	c := t.Config
	row := []string{c.Net, strconv.Itoa(c.Depth), strconv.Itoa(c.Kernel), c.Activation}
	if c.HasAlpha() {
		row = append(row, formatDecimal(*c.Effective().Alpha), strconv.FormatBool(c.AlphaPerChannel))
	} else {
		row = append(row, "", "")
	}
	row = append(row, strconv.Itoa(c.Batch), formatDecimal(c.Momentum))
	if c.LearningRate != nil {
		row = append(row, formatDecimal(*c.LearningRate))
	} else {
		row = append(row, "")
	}
	row = append(row, *c.Effective().Schedule, strconv.Itoa(c.Validation), strconv.FormatUint(c.Seed, 10), string(t.State()))
	if t.State() != Finished {
		message := ""
		if t.Err != nil {
			message = t.Err.Error()
		}
		return append(row, "", "", "", "", "", share(t.Seconds), "", message)
	}
	last, _ := t.Result.Last()
	e := errorsOf(t.Result)
	validation := ""
	if t.Result.End.Test != nil {
		validation = share(e.measured)
	}
	return append(row, share(last.Train.Loss), share(e.train), validation, share(e.test),
		strconv.FormatBool(t.Stuck), share(t.Seconds), t.Result.End.Weights, "")
}

func share(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return ""
	}
	return formatDecimal(x)
}

// WriteCSV writes all trials that have ended, a row each, in the grid's order.
func WriteCSV(w io.Writer, trials []Trial) error {
	c := csv.NewWriter(w)
	if err := c.Write(CSVHeader()); err != nil {
		return err
	}
	for i := range trials {
		if trials[i].State() == Unfinished {
			continue
		}
		if err := c.Write(trials[i].CSVRow()); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}
