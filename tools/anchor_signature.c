#include "tools/anchor_signature.h"

#include "tools/anchor_input.h"
#include <gnutls/pkcs7.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SIGNATURE_BYTES = 1 << 20 };

static bool tell(const char *file, int code)
{
	if (code >= 0)
		return true;
	(void)fprintf(stderr, "warren-anchor: %s: %s\n", file, gnutls_strerror(code));
	return false;
}

static bool load(gnutls_pkcs7_t p7, const char *path)
{
	size_t len = 0;
	char *der = anchor_input_text(path, SIGNATURE_BYTES, &len);
	if (der == NULL)
		return false;
	gnutls_datum_t d = { (unsigned char *)der, (unsigned)len };
	bool ok = tell(path, gnutls_pkcs7_import(p7, &d, GNUTLS_X509_FMT_DER));
	free(der);
	return ok;
}

static bool load_ca(gnutls_x509_trust_list_t list, const char *path)
{
	int n = gnutls_x509_trust_list_add_trust_file(list, path, NULL, GNUTLS_X509_FMT_PEM, 0, 0);
	if (n == 0)
		(void)fprintf(stderr, "warren-anchor: %s: no certificate in it\n", path);
	return n > 0 || (n < 0 && tell(path, n));
}

static bool verify(gnutls_pkcs7_t p7, gnutls_x509_trust_list_t list, const char *text, size_t len,
                   const char *path, const char *signer)
{
	char *copy = malloc(len + 1), *address = strdup(signer);
	bool ok = false;
	if (copy != NULL && address != NULL) {
		memcpy(copy, text, len);
		gnutls_datum_t data = { (unsigned char *)copy, (unsigned)len };
		gnutls_typed_vdata_st who = { .type = GNUTLS_DT_RFC822NAME,
			                      .data = (unsigned char *)address };
		ok = tell(path, gnutls_pkcs7_verify(p7, list, &who, 1, 0, &data, 0));
	}
	free(copy);
	free(address);
	return ok;
}

bool anchor_signature_is_good(const char *text, size_t len, const char *signature, const char *ca,
                              const char *signer)
{
	gnutls_pkcs7_t p7 = NULL;
	gnutls_x509_trust_list_t list = NULL;
	bool ok = tell(signature, gnutls_pkcs7_init(&p7)) &&
	          tell(ca, gnutls_x509_trust_list_init(&list, 0)) && load(p7, signature) &&
	          load_ca(list, ca) && verify(p7, list, text, len, signature, signer);
	if (list != NULL)
		gnutls_x509_trust_list_deinit(list, 1);
	if (p7 != NULL)
		gnutls_pkcs7_deinit(p7);
	return ok;
}
