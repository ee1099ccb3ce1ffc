package fetch_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"

	"gradus/data/catalog"
	"gradus/data/fetch"
)

func ExampleFetch() {
	mirror := httptest.NewServer(http.NotFoundHandler())
	defer mirror.Close()
	root, err := os.MkdirTemp("", "gradus")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(root)

	set, _ := catalog.Find("fashionmnist")
	files, err := fetch.Fetch(context.Background(), set, fetch.Options{Root: root, Mirrors: []string{mirror.URL}})
	fmt.Println(len(files), "files;", err != nil)
	// Output: 0 files; true
}
