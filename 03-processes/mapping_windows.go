package main

import (
	"fmt"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// mapFile puts a file into memory: what one process writes there is at once
// what all others read that map it too.
func mapFile(path string) ([]byte, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close() // the mapping stays
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	mapping, err := windows.CreateFileMapping(windows.Handle(file.Fd()), nil, windows.PAGE_READWRITE, 0, 0, nil)
	if err != nil {
		return nil, fmt.Errorf("mapping %s: %w", path, err)
	}
	defer windows.CloseHandle(mapping)
	start, err := windows.MapViewOfFile(mapping, windows.FILE_MAP_WRITE, 0, 0, 0)
	if err != nil {
		return nil, fmt.Errorf("mapping %s: %w", path, err)
	}
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&start)), info.Size()), nil
}

func unmap(memory []byte) error {
	return windows.UnmapViewOfFile(uintptr(unsafe.Pointer(&memory[0])))
}
