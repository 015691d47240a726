#include "resolver/server/json.h"

void json_string(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < ' ' || c > '~')
			fprintf(out, "\\u%04x", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

void json_name(FILE *out, const struct name *name)
{
	char text[NAME_TEXT_MAX];
	name_text(name, text);
	json_string(out, text);
}
