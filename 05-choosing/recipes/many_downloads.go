package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

func downloadAll(ctx context.Context, urls []string) ([]string, error) {
	pages := make([]string, len(urls))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(10)
	for i, url := range urls {
		group.Go(func() (err error) { // waits while ten are at work
			pages[i], err = download(ctx, url)
			return err
		})
	}
	return pages, group.Wait()
}

func download(ctx context.Context, url string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		return "", err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK { // to Go, that's no error
		return "", fmt.Errorf("%s: %s", url, answer.Status)
	}
	page, err := io.ReadAll(answer.Body)
	return string(page), err
}

func manyDownloads(ctx context.Context, w io.Writer) error {
	hello := func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "page ", r.URL.Path[1:])
	}
	site := httptest.NewServer(http.HandlerFunc(hello))
	defer site.Close()
	var urls []string // put yours here
	for n := range 40 {
		urls = append(urls, fmt.Sprintf("%s/%d", site.URL, n+1))
	}
	pages, err := downloadAll(ctx, urls)
	if err != nil {
		return err
	}
	size := len(strings.Join(pages, ""))
	fmt.Fprintln(w, len(pages), "pages,", size, "characters")
	return nil
}
