package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"gradus/data/catalog"
)

// maxRedirects is how often a mirror may send elsewhere.
const maxRedirects = 5

func newClient(transport http.RoundTripper) *http.Client {
	if transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		t.DisableCompression = true
		transport = t
	}
	return &http.Client{Transport: transport, CheckRedirect: func(next *http.Request, before []*http.Request) error {
		if len(before) > maxRedirects {
			return fmt.Errorf("expected at most %d redirects, got more", maxRedirects)
		}
		if s := next.URL.Scheme; s != "http" && s != "https" {
			return fmt.Errorf("expected a redirect to http or https, got one to %.20s", s)
		}
		return nil
	}}
}

// cutError is the end of a transfer that can be gone on with.
type cutError struct{ error }

func (e *cutError) Unwrap() error { return e.error }

// transfer asks for a file from where the part ends, and appends what comes.
func (f *fetcher) transfer(parent context.Context, address string, file catalog.File, part *part) error {
	ctx, watch := newWatchdog(parent, f.Stall)
	defer watch.stop()
	response, err := f.request(ctx, address, part.size)
	if err != nil {
		return reason(ctx, err)
	}
	defer response.Body.Close()
	switch status := response.StatusCode; {
	case status == http.StatusOK:
		if err := part.reset(); err != nil { // the server sends all of it, whatever was asked for
			return err
		}
	case status == http.StatusPartialContent && strings.HasPrefix(response.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", part.size)) && part.size > 0:
	case part.size > 0 && (status == http.StatusPartialContent || status == http.StatusRequestedRangeNotSatisfiable):
		// Another part than that asked for, or a file that ends before.
		if err := part.reset(); err != nil {
			return err
		}
		watch.stop()
		response.Body.Close()
		return f.transfer(parent, address, file, part)
	default:
		return fmt.Errorf("%d %s", status, http.StatusText(status))
	}
	return f.receive(ctx, watch, response, file, part)
}

func (f *fetcher) request(ctx context.Context, address string, from int64) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	// The digest is of the file as it is published.
	request.Header.Set("Accept-Encoding", "identity")
	request.Header.Set("User-Agent", "gradus")
	if from > 0 {
		request.Header.Set("Range", fmt.Sprintf("bytes=%d-", from))
	}
	return f.client.Do(request)
}

// receive appends the body to the part.
func (f *fetcher) receive(ctx context.Context, watch *watchdog, response *http.Response, file catalog.File, part *part) error {
	total := int64(0)
	if response.ContentLength > 0 {
		total = part.size + response.ContentLength
	}
	buffer := make([]byte, 1<<16)
	for {
		n, err := response.Body.Read(buffer)
		watch.received.Add(int64(n))
		if part.size+int64(n) > file.MaxSize {
			if err := part.reset(); err != nil {
				return err
			}
			return fmt.Errorf("expected at most %d bytes, got more", file.MaxSize)
		}
		if _, err := part.Write(buffer[:n]); err != nil {
			return err
		}
		f.progress(file.Name, part.size, total)
		switch {
		case err == io.EOF:
			return nil
		case err != nil && context.Cause(ctx) != nil: // stalled or interrupted
			return context.Cause(ctx)
		case err != nil:
			return &cutError{reason(ctx, err)}
		}
	}
}

// minRate is the bytes a second below which a download would take days.
const minRate = 1000

// watchdog ends a transfer that stalls.
type watchdog struct {
	received atomic.Int64
	stopped  context.CancelFunc
}

func newWatchdog(parent context.Context, stall time.Duration) (context.Context, *watchdog) {
	ctx, cancel := context.WithCancelCause(parent)
	w := &watchdog{stopped: func() { cancel(nil) }}
	go func() {
		tick := time.NewTicker(stall)
		defer tick.Stop()
		least := int64(stall.Seconds() * minRate)
		for before := int64(0); ; before = w.received.Load() {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if got := w.received.Load() - before; got < max(1, least) {
				cancel(stallError{got, max(1, least), stall})
				return
			}
		}
	}()
	return ctx, w
}

func (w *watchdog) stop() { w.stopped() }

type stallError struct {
	got, least int64
	after      time.Duration
}

func (e stallError) Error() string {
	if e.got == 0 {
		return fmt.Sprintf("expected an answer, got none in %g s", e.after.Seconds())
	}
	return fmt.Sprintf("expected at least %d bytes in %g s, got %d", e.least, e.after.Seconds(), e.got)
}

// reason is why a request failed, without the address, which stands before it, and without the library's own words where the
// system has some.
func reason(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	if u := (*url.Error)(nil); errors.As(err, &u) {
		err = u.Err
	}
	dns := (*net.DNSError)(nil)
	errno := syscall.Errno(0)
	switch {
	case errors.As(err, &dns):
		return errors.New(dns.Err)
	case errors.As(err, &errno):
		return errno
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		return errors.New("expected more bytes, got the end of the connection")
	}
	return err
}
