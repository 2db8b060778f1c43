//go:build !linux

package eventloop

func (l *Loop) newPoller() (poller, error) { return newPortable(l) }
