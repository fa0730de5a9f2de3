#ifndef ADMIN_ADMIN_INTERNAL_H
#define ADMIN_ADMIN_INTERNAL_H

/* Handlers and inputs, for the route table. */
#include "apps/admin/admin.h"
#include "apps/admin/admin_views_gen.h"

extern const InputField admin_mend_input[];
extern const InputField admin_calendar_input[];

bool incident_page(Request *req, Error *err);
bool mend_prepare(Request *req, Error *err);
bool mend_act(Tx *tx, Request *req, Error *err);

bool calendar_page(Request *req, Error *err);
bool load_prepare(Request *req, Error *err);
bool load_act(Tx *tx, Request *req, Error *err);

bool definitions_page(Request *req, Error *err);
bool people_page(Request *req, Error *err);

#endif
