package main

func yesOrNo(so bool) string {
	if so {
		return "yes"
	}
	return "no"
}
