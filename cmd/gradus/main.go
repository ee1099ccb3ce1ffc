// Gradus trains, compares and explains small image networks.
package main

import "os"

func main() { os.Exit(execute(os.Args[1:])) }
