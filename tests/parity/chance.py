"""The random numbers of our src/chance.rs."""

import numpy


def mixed(x):
    x = x + numpy.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
    return x ^ (x >> numpy.uint64(31))


def uniform(seeds, size):
    first = numpy.array([0], dtype=numpy.uint64)
    for seed in seeds:
        first = mixed(first ^ numpy.uint64(seed))
    drawn = mixed(first + numpy.arange(numpy.prod(size), dtype=numpy.uint64)) >> numpy.uint64(11)
    return (drawn / 2.0**53).reshape(size)


def normal(seeds, size):
    radius, angle = uniform(seeds, [2, *size])
    return numpy.sqrt(-2 * numpy.log1p(-radius)) * numpy.cos(2 * numpy.pi * angle)
