/*
 * octets.h - numbers in octets: little-endian for ciphers and hashes, network order for DNS.
 *
 * Compilers turn each into one load or store.  Checks no bounds: the reader and the writer of
 * wire/ do, and bytes from outside go only through them.
 */
#ifndef BASE_OCTETS_H
#define BASE_OCTETS_H

#include <stdint.h>

static inline uint32_t octets_le32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t octets_le64(const uint8_t *p)
{
	return octets_le32(p) | (uint64_t)octets_le32(p + 4) << 32;
}

static inline void octets_put_le32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)v;
	p[1] = (uint8_t)(v >> 8);
	p[2] = (uint8_t)(v >> 16);
	p[3] = (uint8_t)(v >> 24);
}

static inline void octets_put_le64(uint8_t *p, uint64_t v)
{
	octets_put_le32(p, (uint32_t)v);
	octets_put_le32(p + 4, (uint32_t)(v >> 32));
}

static inline uint16_t octets_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t octets_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

static inline void octets_put_be16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void octets_put_be32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

#endif
