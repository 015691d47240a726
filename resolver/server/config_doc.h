/*
 * config_doc.h - the table of keys as documents: an example file, a JSON schema, a manual page.
 *
 * What is written here about a key is in the table or follows from it.
 */
#ifndef SERVER_CONFIG_DOC_H
#define SERVER_CONFIG_DOC_H

#include <stdio.h>

/* Every key, explained and commented out, so that it means the defaults. */
void config_doc_example(FILE *out);
/* A JSON schema (draft 2020-12) of the file. */
void config_doc_schema(FILE *out);
/* warren.yaml(5), for man(1). */
void config_doc_man(FILE *out);

#endif
