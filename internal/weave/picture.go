package main

import (
	"errors"
	"fmt"
	"html"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// picture returns a picture that is light on a light page and dark on a dark
// one.
func picture(file, title string) string {
	return fmt.Sprintf(`<picture>
<source media="(prefers-color-scheme: dark)" srcset="%[1]s-dark.svg">
<img src="%[1]s.svg" alt="%[2]s">
</picture>`, file, html.EscapeString(title))
}

// stalePictures returns the pictures of a chapter that do not show what was
// recorded, and refuses those that nothing recorded belongs to.
func (m *module) stalePictures(c chapter) (stale []staleFile, errs []error) {
	record, err := m.record(c.folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil // the pages that show it say so
	}
	pictures := record.Pictures()
	for _, name := range slices.Sorted(maps.Keys(pictures)) {
		file := path.Join(c.folder, name)
		text, err := fs.ReadFile(m.files, file)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		} else if drawn := string(pictures[name]); unix(string(text)) != drawn {
			stale = append(stale, staleFile{file, drawn, file + ": out of date: it is not the picture of what was recorded\n"})
		}
	}
	found, err := fs.Glob(m.files, path.Join(c.folder, "*.svg"))
	if err != nil {
		errs = append(errs, err)
	}
	for _, file := range found {
		if _, ok := pictures[path.Base(file)]; !ok {
			errs = append(errs, fmt.Errorf("%s: no section of %s has recorded a picture %s: remove it", file, c.folder, strings.TrimSuffix(path.Base(file), ".svg")))
		}
	}
	return stale, errs
}
