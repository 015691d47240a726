/*
 * digit.h - one digit of a number or an encoding.
 */
#ifndef BASE_DIGIT_H
#define BASE_DIGIT_H

/* What c means in a base up to 36, letters of either case following 9 (RFC 4648 section 7); -1: no such digit. */
int digit_of(char c, unsigned base);

#endif
