/*
 * double.h - a validator that finds what the name says: below "secure." secure, below "bogus." bogus,
 * everything else insecure.  Wants a DNSKEY question answered first when the name holds "keyed".
 */
#ifndef TESTS_CORE_DOUBLE_H
#define TESTS_CORE_DOUBLE_H

#include "validator/validate.h"

#endif
