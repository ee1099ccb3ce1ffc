package run

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// Difference is a setting that two configurations do not share.
type Difference struct{ Setting, Saved, Given string }

// Differences lists what differs between saved settings and given ones, in the
// order of Config, but for those that change no number: threads, and where data
// lie. Ways of saying how long to train are compared by what they mean.
func (c Config) Differences(given Config) []Difference {
	var list []Difference
	for _, name := range SettingNames() {
		if a, b := c.Setting(name), given.Setting(name); a != b && name != "threads" && name != "data-root" {
			list = append(list, Difference{name, a, b})
		}
	}
	return list
}

// SettingNames are the names of the effective settings, in the order of Config.
func SettingNames() []string {
	var names []string
	t := reflect.TypeFor[Config]()
	for i := range t.NumField() {
		if name := settingName(t.Field(i)); name != "lr" && name != "epochs" { // the schedule has them
			names = append(names, name)
		}
	}
	return names
}

func settingName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// Setting is an effective setting as text; "" for a name that is none.
func (c Config) Setting(name string) string {
	v := reflect.ValueOf(c.Effective())
	for i := range v.NumField() {
		if settingName(v.Type().Field(i)) == name {
			return show(v.Field(i))
		}
	}
	return ""
}

// show is a setting as a person writes it.
func show(v reflect.Value) string {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return "nothing"
		}
		v = v.Elem()
	}
	return fmt.Sprint(v)
}

// settings are what changes the numbers of a training, as checkpoints have them.
func (c Config) settings() string {
	c = c.Effective()
	c.Threads, c.DataRoot = 0, ""
	text, err := json.Marshal(c)
	if err != nil {
		panic(err) // Check has refused numbers that JSON does not have
	}
	return string(text)
}
