module github.com/dsmlkit/dsmlkit

go 1.26.0
