/*
 * time_floor.h - a moment that certainly has passed: no clock before it can be right.
 *
 * Set to the day of the release, with each release; a running daemon may know a later one.
 */
#ifndef VALIDATOR_TIME_FLOOR_H
#define VALIDATOR_TIME_FLOOR_H

#include <stdint.h>

#define TIME_FLOOR_S INT64_C(1793491200) /* 2026-11-01T00:00:00Z */

#endif
