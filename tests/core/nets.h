/*
 * nets.h - the Internet most tests of the conductor run in.
 */
#ifndef TESTS_CORE_NETS_H
#define TESTS_CORE_NETS_H

#include "tests/core/world.h"

#define ROOT_ADDRESS "192.0.2.1"
#define COM_ADDRESS "192.0.2.2"
#define EXAMPLE_ADDRESS "192.0.2.3"
#define SECURE_ADDRESS "192.0.2.4"
#define BOGUS_ADDRESS "192.0.2.5"
#define HOSTED_ADDRESS "192.0.2.6"

struct world *net_new(void); /* world_new with it */

#endif
