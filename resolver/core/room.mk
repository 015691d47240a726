noinst_LIBRARIES += resolver/core/libcore.a
resolver_core_libcore_a_SOURCES = resolver/core/tasks.h
