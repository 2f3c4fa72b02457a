// SPDX-License-Identifier: GPL-2.0-only
/* What the server does: all of it that is written by hand. */
#include <limits.h>

#include "calc.h"

bool_t divide_1_svc(pair two, quotient *result, struct svc_req *request)
{
	(void)request;
	printf("server: divides %d by %d\n", two.a, two.b);
	result->possible = two.b && !(two.a == INT_MIN && two.b == -1);
	if (result->possible)
		result->quotient_u.value = two.a / two.b;
	return TRUE;
}

bool_t sum_1_svc(numbers all, quad_t *result, struct svc_req *request)
{
	(void)request;
	printf("server: adds %u numbers\n", all.numbers_len);
	*result = 0;
	for (u_int i = 0; i < all.numbers_len; i++)
		*result += all.numbers_val[i];
	return TRUE;
}

/* Called when a result has been sent. */
int calc_1_freeresult(SVCXPRT *transport, xdrproc_t xdr, caddr_t result)
{
	(void)transport;
	xdr_free(xdr, result);
	return TRUE;
}
