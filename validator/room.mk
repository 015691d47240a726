noinst_LIBRARIES += validator/libvalidator.a
validator_libvalidator_a_SOURCES = validator/validate.h
