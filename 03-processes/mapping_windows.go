package main

import (
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

func mapMemory(file *os.File, size int) ([]byte, error) {
	mapping, err := windows.CreateFileMapping(windows.Handle(file.Fd()), nil, windows.PAGE_READWRITE, 0, 0, nil)
	if err != nil {
		return nil, err
	}
	defer windows.CloseHandle(mapping)
	start, err := windows.MapViewOfFile(mapping, windows.FILE_MAP_WRITE, 0, 0, 0)
	if err != nil {
		return nil, err
	}
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&start)), size), nil
}

func unmap(memory []byte) error {
	return windows.UnmapViewOfFile(uintptr(unsafe.Pointer(&memory[0])))
}
