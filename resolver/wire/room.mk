noinst_LIBRARIES += resolver/wire/libwire.a
resolver_wire_libwire_a_SOURCES = \
resolver/wire/cookie.c \
resolver/wire/cookie.h \
resolver/wire/cut.c \
resolver/wire/cut.h \
resolver/wire/edns.c \
resolver/wire/edns.h \
resolver/wire/gather.c \
resolver/wire/gather.h \
resolver/wire/lower.h \
resolver/wire/message.c \
resolver/wire/message.h \
resolver/wire/message_text.c \
resolver/wire/name.c \
resolver/wire/name.h \
resolver/wire/name_text.c \
resolver/wire/outcome.c \
resolver/wire/outcome.h \
resolver/wire/query.c \
resolver/wire/query.h \
resolver/wire/question.c \
resolver/wire/question.h \
resolver/wire/rdata.h \
resolver/wire/reader.c \
resolver/wire/reader.h \
resolver/wire/reason.c \
resolver/wire/reason.h \
resolver/wire/rrset.c \
resolver/wire/rrset.h \
resolver/wire/type.h \
resolver/wire/writer.c \
resolver/wire/writer.h \
resolver/wire/zonetext.h

# RDATA and presentation format.
resolver_wire_libwire_a_SOURCES += \
resolver/wire/base32.c \
resolver/wire/base32.h \
resolver/wire/base64.c \
resolver/wire/base64.h \
resolver/wire/bitmap.c \
resolver/wire/bitmap.h \
resolver/wire/date.c \
resolver/wire/date.h \
resolver/wire/hex.c \
resolver/wire/hex.h \
resolver/wire/rdata.c \
resolver/wire/rdata_scan.c \
resolver/wire/rdata_text.c \
resolver/wire/shape.c \
resolver/wire/shape.h \
resolver/wire/svcb.c \
resolver/wire/svcb.h \
resolver/wire/svcb_scan.c \
resolver/wire/text.c \
resolver/wire/text.h \
resolver/wire/trace.c \
resolver/wire/trace.h \
resolver/wire/token.c \
resolver/wire/token.h \
resolver/wire/type.c \
resolver/wire/zonetext.c
