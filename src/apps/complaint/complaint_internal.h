#ifndef COMPLAINT_COMPLAINT_INTERNAL_H
#define COMPLAINT_COMPLAINT_INTERNAL_H

/* What the public pages and those of officers share. */
#include "apps/complaint/complaint_store.h"
#include "apps/complaint/complaint_views_gen.h"

enum { COMPLAINT_WORDS_MOST = 2000 };

/* The public routes (complaint_public.c). */
bool complaint_new_page(Request *req, Error *err);
bool complaint_register_prepare(Request *req, Error *err);
bool complaint_register_act(Tx *tx, Request *req, Error *err);
bool complaint_received_page(Request *req, Error *err);
bool complaint_track_page(Request *req, Error *err);
bool complaint_track_show(Request *req, Error *err);
bool complaint_rate_page(Request *req, Error *err);
bool complaint_rate_prepare(Request *req, Error *err);
bool complaint_rate_act(Tx *tx, Request *req, Error *err);

extern const InputField complaint_new_input[], complaint_received_input[], complaint_track_input[],
    complaint_rate_input[];

#endif
