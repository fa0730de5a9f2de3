#ifndef ADMIN_ADMIN_INTERNAL_H
#define ADMIN_ADMIN_INTERNAL_H

/* Handlers, for the route table. */
#include "apps/admin/admin.h"
#include "apps/admin/admin_views_gen.h"
#include "service/app.h"

bool admin_page(Request *req, Error *err);
bool incident_page(Request *req, Error *err);
bool mend_prepare(Request *req, Error *err);
bool mend_act(Tx *tx, Request *req, Error *err);

#endif
