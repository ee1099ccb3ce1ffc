package safetensors_test

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

const allTypes = "BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E5M2, F8_E4M3, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ, " +
	"I16, U16, F16, BF16, I32, U32, F32, C64, F64, I64, U64"

func TestC01ShorterThanALength(t *testing.T) {
	for n := range 8 {
		checkRefused(t, make([]byte, n), fmt.Sprintf("offset 0: expected an 8-byte header length, got %d bytes", n))
	}
}

func TestC02HeaderLength(t *testing.T) {
	for _, n := range []uint64{1<<64 - 1, 1 << 63, 100_000_001, 99_000_000, 79} {
		file := binary.LittleEndian.AppendUint64(nil, n)
		file = append(file, content(`{"test":{"dtype":"I32","shape":[2,2],"data_offsets":[0,16]}}`, 18)[8:]...)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		checkRefused(t, file, fmt.Sprintf("offset 0: expected a header length of at most 78 (the smaller of 100000000 and the file's size - 8), got %d", n))
		runtime.ReadMemStats(&after)
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 1<<20 {
			t.Errorf("length %d: expected no memory by its size, got %d bytes", n, grown)
		}
	}
}

func TestC03OtherKindsOfFiles(t *testing.T) {
	for _, test := range []struct{ start, hint string }{
		{"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n", "it looks like a Git LFS pointer, fetch the file itself with git lfs pull"},
		{"<!DOCTYPE html><html></html>", "it looks like an HTML page"},
		{"<html><body>404</body></html>", "it looks like an HTML page"},
		{"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff", "it looks like gzip, unpack it first"},
		{"PK\x03\x04\x00\x00\x08\x08\x00\x00", "it looks like a PyTorch zip, convert it with safetensors.torch.save_file"},
		{"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P", "it looks like a pickle, convert it with safetensors.torch.save_file"},
		{"\x93NUMPY\x01\x00v\x00{'descr'", "it looks like a NumPy array"},
	} {
		n := binary.LittleEndian.Uint64([]byte(test.start))
		checkRefused(t, []byte(test.start), fmt.Sprintf(
			"offset 0: expected a header length of at most %d (the smaller of 100000000 and the file's size - 8), got %d; %s", len(test.start)-8, n, test.hint))
	}
}

func TestC04HeaderIsOneObject(t *testing.T) {
	checkRefusals(t, []refusal{
		{"C4", "no header", content("", 0), "offset 8: header: expected {, got the end of the text"},
		{"C4", "not UTF-8", content("\xff", 0), "offset 8: header: expected UTF-8, got the byte 0xff"},
		{"C4", "UTF-16", content("\xff\xfe{\x00}\x00", 0), "offset 8: header: expected UTF-8, got the byte 0xff"},
		{"C4", "byte order mark", content("\xef\xbb\xbf{}", 0), "offset 8: header: expected {, got a byte order mark"},
		{"C4", "NUL padding", content("{}\x00\x00", 0), `offset 10: header: expected the end of the text, got '\x00'`},
		{"C4", "two values", content("{}{}", 0), "offset 10: header: expected the end of the text, got '{'"},
		{"C4", "array", content("[]", 0), "offset 8: header: expected {, got an array"},
		{"C4", "null", content("null", 0), "offset 8: header: expected {, got null"},
		{"C4", "cut", content("{", 0), "offset 9: header: expected a key in quotes, got the end of the text"},
		{"C4", "a blank first", content("\n{}", 0), `offset 8: header: expected { as the first byte, got '\n'`},
		{"C4", "name not UTF-8", content("{\"a\xff\":{}}", 0), "offset 11: header: expected UTF-8, got the byte 0xff"},
		{"C4", "half a pair", content(`{"\ud800":{}}`, 0), `offset 10: header: expected a pair of surrogates, got \ud800 alone`},
	})
}

func TestC05DeepNesting(t *testing.T) {
	deep := strings.Repeat("[", 100_000)
	start := time.Now()
	checkRefusals(t, []refusal{
		{"C5", "at the top", content(deep, 0), "offset 8: header: expected {, got an array"},
		{"C5", "as a tensor", one(deep, 0), `offset 16: header: tensor "test": expected an object, got an array`},
		{"C5", "in a shape", one(`{"shape":`+deep, 0), `offset 26: header: tensor "test": shape: expected whole numbers of at least 0, got an array`},
		{"C5", "in metadata", content(`{"__metadata__":{"a":`+deep, 0), `offset 29: header: __metadata__.a: expected a string, got an array`},
	})
	if took := time.Since(start); took > time.Second {
		t.Errorf("expected an answer within a second, got it after %v", took)
	}
}

func TestC06RepeatedKeys(t *testing.T) {
	const entry = `{"dtype":"U8","shape":[1],"data_offsets":[0,1]}`
	checkRefusals(t, []refusal{
		{"C6", "tensor", content(`{"test":`+entry+`,"test":`+entry+`}`, 1), `offset 64: header: duplicate key "test"`},
		{"C6", "tensor, escaped", content(`{"test":`+entry+`,"t\u0065st":`+entry+`}`, 1), `offset 64: header: duplicate key "test"`},
		{"C6", "inner", one(`{"dtype":"U8","shape":[1],"shape":[1],"data_offsets":[0,1]}`, 1), `offset 42: header: duplicate key "shape"`},
		{"C6", "metadata", content(`{"__metadata__":{},"__metadata__":{}}`, 0), `offset 27: header: duplicate key "__metadata__"`},
		{"C6", "within metadata", content(`{"__metadata__":{"a":"1","a":"2"}}`, 0), `offset 33: header: duplicate key "a"`},
		{"C6", "collide when decoded badly", content(`{"\ud800":`+entry+`,"\ufffd":`+entry+`}`, 2), `offset 10: header: expected a pair of surrogates, got \ud800 alone`},
	})
}

func TestC07MetadataOfStrings(t *testing.T) {
	checkRefusals(t, []refusal{
		{"C7", "number", content(`{"__metadata__":{"epoch":3}}`, 0), "offset 33: header: __metadata__.epoch: expected a string, got 3"},
		{"C7", "object", content(`{"__metadata__":{"a":{"b":"c"}}}`, 0), "offset 29: header: __metadata__.a: expected a string, got an object"},
		{"C7", "null", content(`{"__metadata__":{"a":null}}`, 0), "offset 29: header: __metadata__.a: expected a string, got null"},
		{"C7", "no object", content(`{"__metadata__":"pt"}`, 0), `offset 24: header: __metadata__: expected an object, got the string "pt"`},
		{"C7", "odd key", content(`{"__metadata__":{"a\n":1}}`, 0), `offset 31: header: __metadata__."a\n": expected a string, got 1`},
	})
}

func TestC08DType(t *testing.T) {
	checkRefusals(t, []refusal{
		{"C8", "unknown", one(`{"dtype":"F33","shape":[1],"data_offsets":[0,4]}`, 4), `offset 25: header: tensor "test": dtype: expected one of ` + allTypes + `, got "F33"`},
		{"C8", "lower case", one(`{"dtype":"f32","shape":[1],"data_offsets":[0,4]}`, 4), `offset 25: header: tensor "test": dtype: expected one of ` + allTypes + `, got "f32"`},
		{"C8", "number", one(`{"dtype":32}`, 0), `offset 25: header: tensor "test": dtype: expected a string, got 32`},
		{"C8", "half a byte", one(`{"dtype":"F4","shape":[3],"data_offsets":[0,2]}`, 2), `offset 38: header: tensor "test": shape: expected elements that fill whole bytes, got F4 [3]`},
	})
}

func TestC09Fields(t *testing.T) {
	shape := func(s string) []byte { return one(`{"dtype":"I32","shape":`+s+`,"data_offsets":[0,4]}`, 4) }
	offsets := func(s string) []byte { return one(`{"dtype":"I32","shape":[1],"data_offsets":`+s+`}`, 4) }
	const numbers = `header: tensor "test": shape: expected whole numbers of at least 0, got `
	checkRefusals(t, []refusal{
		{"C9", "negative", shape("[-1,-4]"), "offset 40: " + numbers + "-1"},
		{"C9", "minus 0", shape("[-0]"), "offset 40: " + numbers + "-0"},
		{"C9", "fraction", shape("[1.5]"), "offset 40: " + numbers + "1.5"},
		{"C9", "exponent", shape("[1e0]"), "offset 40: " + numbers + "1e0"},
		{"C9", "string", shape(`["1"]`), "offset 40: " + numbers + `the string "1"`},
		{"C9", "null", shape("null"), `offset 39: header: tensor "test": shape: expected an array, got null`},
		{"C9", "leading 0", shape("[01]"), "offset 41: header: expected , or ], got '1'"},
		{"C9", "rank", shape("[" + strings.Repeat("1,", 64) + "1]"), `offset 39: header: tensor "test": shape: expected at most 64 numbers, got more`},
		{"C9", "no shape", one(`{"dtype":"I32","data_offsets":[0,4]}`, 4), `offset 9: header: tensor "test": expected dtype, shape and data_offsets, got no shape`},
		{"C9", "no offsets", one(`{"dtype":"I32","shape":[1]}`, 4), `offset 9: header: tensor "test": expected dtype, shape and data_offsets, got no data_offsets`},
		{"C9", "no dtype", one(`{"shape":[1],"data_offsets":[0,4]}`, 4), `offset 9: header: tensor "test": expected dtype, shape and data_offsets, got no dtype`},
		{"C9", "other case", one(`{"DTYPE":"I32","Shape":[1],"DATA_OFFSETS":[0,4]}`, 4), `offset 17: header: tensor "test": expected the keys dtype, shape and data_offsets, got "DTYPE"`},
		{"C9", "another key", one(`{"dtype":"I32","shape":[1],"data_offsets":[0,4],"exec":"x"}`, 4), `offset 64: header: tensor "test": expected the keys dtype, shape and data_offsets, got "exec"`},
		{"C9", "three offsets", offsets("[0,4,8]"), `offset 58: header: tensor "test": data_offsets: expected at most 2 numbers, got more`},
		{"C9", "one offset", offsets("[4]"), `offset 58: header: tensor "test": data_offsets: expected 2 numbers, got 1`},
		{"C9", "negative offset", offsets("[-4,0]"), `offset 59: header: tensor "test": data_offsets: expected whole numbers of at least 0, got -4`},
	})
}

func TestC10Overflow(t *testing.T) {
	shape := func(s string) []byte { return one(`{"dtype":"I32","shape":`+s+`,"data_offsets":[0,16]}`, 16) }
	const fits = `offset 39: header: tensor "test": shape: expected a size that fits an integer, got `
	checkRefusals(t, []refusal{
		{"C10", "a dimension", shape("[2,18446744073709551614]"), `offset 42: header: tensor "test": shape: expected at most 9223372036854775807, got 18446744073709551614, an overflow`},
		{"C10", "a long dimension", shape("[" + strings.Repeat("9", 1000) + "]"), `offset 40: header: tensor "test": shape: expected at most 9223372036854775807, got ` + strings.Repeat("9", 60) + "..., an overflow"},
		{"C10", "the product", shape("[4294967296,4294967296,4]"), fits + "I32 [4294967296 4294967296 4], an overflow"},
		{"C10", "the bytes", shape("[2,4611686018427387904]"), fits + "I32 [2 4611686018427387904], an overflow"},
		{"C10", "zero times an overflow", shape("[0,9223372036854775807,2]"), fits + "I32 [0 9223372036854775807 2], an overflow"},
		{"C10", "an offset", one(`{"dtype":"I32","shape":[1],"data_offsets":[18446744073709551612,18446744073709551616]}`, 4),
			`offset 59: header: tensor "test": data_offsets: expected at most 9223372036854775807, got 18446744073709551612, an overflow`},
	})
}

func TestC11Layout(t *testing.T) {
	two := func(a, b string) []byte {
		return content(`{"a":{"dtype":"U8","shape":[2],"data_offsets":`+a+`},"b":{"dtype":"U8","shape":[2],"data_offsets":`+b+`}}`, 5)
	}
	ten := `{`
	for i := range 10 {
		ten += fmt.Sprintf(`"w%d":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},`, i)
	}
	ten = strings.TrimSuffix(ten, ",") + "}"
	checkRefusals(t, []refusal{
		{"C11", "reversed", one(`{"dtype":"I32","shape":[1],"data_offsets":[4,0]}`, 4), `offset 58: header: tensor "test": data_offsets: expected an end of at least 4, got 0`},
		{"C11", "another size", one(`{"dtype":"I32","shape":[2,2],"data_offsets":[0,4]}`, 4), `offset 60: header: tensor "test": data_offsets: expected 16 bytes for I32 [2 2], got 4`},
		{"C11", "past the end", one(`{"dtype":"I32","shape":[1],"data_offsets":[4,8]}`, 4), `offset 58: header: tensor "test": data_offsets: expected begin 0, got 4`},
		{"C11", "hole at the start", two("[1,3]", "[3,5]"), `offset 54: header: tensor "a": data_offsets: expected begin 0, got 1`},
		{"C11", "hole between", two("[0,2]", "[3,5]"), `offset 106: header: tensor "b": data_offsets: expected begin 2, got 3`},
		{"C11", "overlap by a byte", two("[0,2]", "[1,3]"), `offset 106: header: tensor "b": data_offsets: expected begin 2, got 1`},
		{"C11", "overlap, other order", two("[1,3]", "[0,2]"), `offset 54: header: tensor "a": data_offsets: expected begin 2, got 1`},
		{"C11", "ten on one range", content(ten, 2), `offset 108: header: tensor "w1": data_offsets: expected begin 2, got 0`},
	})
}

func TestC12DataSize(t *testing.T) {
	file := one(`{"dtype":"I32","shape":[2,2],"data_offsets":[0,16]}`, 16)
	for extra := 1; extra <= 34; extra++ {
		checkRefused(t, append(file[:len(file):len(file)], make([]byte, extra)...),
			fmt.Sprintf("offset %d: expected the end of the file behind 16 bytes of data, got %d bytes more", len(file), extra))
	}
	checkRefused(t, file[:len(file)-2], fmt.Sprintf("offset %d: expected 16 bytes of data, got 14", len(file)-2))
}

// When several things are wrong, the first one is reported.
func TestLowestOffsetFirst(t *testing.T) {
	checkRefused(t, content(`{"a":{"dtype":"F33","shape":[-1]},"a":1,`, 3), `offset 22: header: tensor "a": dtype: expected one of `+allTypes+`, got "F33"`)
	checkRefused(t, content(`{"a":1,"a":2,`+"\xff", 3), `offset 13: header: tensor "a": expected an object, got 1`)
}
