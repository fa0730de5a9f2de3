#ifndef IDENTITY_IDENTITY_PEOPLE_H
#define IDENTITY_IDENTITY_PEOPLE_H

/* Handlers and inputs of the pages about people, for the route table in identity_pages.c. */
#include "apps/identity/identity.h"
#include "apps/identity/identity_views_gen.h"

extern const InputField me_input[];
extern const InputField people_input[];
extern const InputField person_input[];
extern const InputField verify_input[];
extern const InputField mandate_input[];
extern const InputField revoke_input[];
extern const InputField unmask_input[];
extern const InputField unmaskings_input[];

extern const InputField login_page_input[];
extern const InputField second_code_input[];
extern const InputField second_begin_input[];
extern const InputField login_code_input[];

bool login_code_page(Request *req, Error *err);
bool login_code_prepare(Request *req, Error *err);
bool second_begin_prepare(Request *req, Error *err);
bool second_begin_act(Tx *tx, Request *req, Error *err);
bool second_confirm_prepare(Request *req, Error *err);
/* Fills an officer's second factor. */
MUST_CHECK bool second_view(Request *req, SecondView *out, Error *err);
/* Where to go after logging in: `next` when it is a place on this site, else the first page that
 * the user's rights open. */
const char *login_next(const Request *req, const User *user);
/* `next` as it was typed or asked for. */
const char *typed_next(Request *req);

bool me_page(Request *req, Error *err);
bool me_prepare(Request *req, Error *err);
bool me_act(Tx *tx, Request *req, Error *err);
bool parties_page(Request *req, Error *err);
bool people_search(Request *req, Error *err);
bool person_page(Request *req, Error *err);
bool verify_prepare(Request *req, Error *err);
bool verify_act(Tx *tx, Request *req, Error *err);
bool mandate_prepare(Request *req, Error *err);
bool mandate_act(Tx *tx, Request *req, Error *err);
bool mandate_revoke_act(Tx *tx, Request *req, Error *err);
bool unmask_prepare(Request *req, Error *err);
bool unmaskings_page(Request *req, Error *err);

/* A party as a line of a page. */
PartyLineView people_line(const Party *party);

/* Mandates as a page shows them, with the names of their items. */
MUST_CHECK bool people_letters(Request *req, const Mandates *letters, MandateView **out_items,
                               size_t *out_count, Error *err);

#endif
