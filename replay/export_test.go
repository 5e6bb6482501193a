package replay

// Alone returns the config with every session detecting for itself.
func Alone(c Config) Config {
	c.alone = true
	return c
}
