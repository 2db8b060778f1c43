package procpool

import "os/exec"

func escape(*exec.Cmd) {}

func stopSelf() {}
