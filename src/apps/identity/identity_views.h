#ifndef IDENTITY_IDENTITY_VIEWS_H
#define IDENTITY_IDENTITY_VIEWS_H

#include "web/view.h"

/* One of the demonstration accounts, with what it may do. */
typedef struct DemoAccount {
    const char *login;
    const char *password;
    const char *label; /* ready text */
} DemoAccount;

/* view: login.html  Log in as an applicant (phone) or an officer (staff number). */
typedef struct LoginView {
    VIEW_LIST(FieldError) errors;
    FormField login;
    FormField password;
    const char *next; /* where to go afterwards */
    VIEW_LIST(DemoAccount) demo;
} LoginView;

/* view: register.html  Make an applicant's account. */
typedef struct RegisterView {
    VIEW_LIST(FieldError) errors;
    FormField name;
    FormField phone;
    FormField password;
    FormField identity_kind;
    FormField identity_number;
    const char *next;
} RegisterView;

/* view: login_code.html  The second page of logging in: the code of the telephone. */
typedef struct LoginCodeView {
    VIEW_LIST(FieldError) errors;
    bool is_over;          /* nobody's password was right within the last five minutes */
    FormField second_code; /* private */
    const char *next;
} LoginCodeView;

/* view: recovery_codes.html  The codes for the day on which the telephone is lost; shown once. */
typedef struct RecoveryCodesView {
    VIEW_LIST(Text) codes;
} RecoveryCodesView;

/* ---- people --------------------------------------------------------------------------------- */

typedef struct MandateView {
    Id id;
    const char *firm;
    const char *person;
    const char *letter_no;
    const char *items; /* ready text */
    const char *state; /* valid expired revoked */
    Date valid_until;
    const char *reason; /* of the revocation, or NULL */
} MandateView;

typedef struct PartyLineView {
    Id id;
    const char *name;
    const char *identity_kind; /* NULL: no number is known */
    Masked number;
    Masked phone;
    bool has_phone; /* private */
    bool is_verified;
    bool has_account;
} PartyLineView;

/* An officer's second factor on his own page. */
typedef struct SecondView {
    const char *state; /* none pending active */
    Instant since;     /* active */
    int64_t codes_left;
    const char *secret;    /* pending: in fours */
    const char *uri;       /* pending: what the QR code holds */
    SafeHtml picture;      /* private */
    FormField second_code; /* private */
} SecondView;

/* view: me.html  What an applicant is known by, and for whom he may act; of an officer, his second
 * factor. */
typedef struct MeView {
    VIEW_LIST(FieldError) errors;
    bool is_officer;
    const char *name;
    const char *unit; /* of an officer, or NULL */
    SecondView second;
    PartyLineView party;
    VIEW_LIST(MandateView) letters;
    FormField identity_kind;   /* private */
    FormField identity_number; /* private */
} MeView;

/* view: people.html  Find a person or a firm by number or phone. */
typedef struct PartiesView {
    VIEW_LIST(FieldError) errors;
    FormField identity_kind;   /* private */
    FormField identity_number; /* private */
    FormField phone;           /* private */
    bool is_searched;
    VIEW_LIST(PartyLineView) parties;
    EmptyState empty;
} PartiesView;

/* view: person.html  One person or firm: who vouches for it, its letters, and what a window may do.
 */
typedef struct PersonView {
    VIEW_LIST(FieldError) errors;
    PartyLineView party;
    bool is_firm;
    const char *verified_by; /* officer, or NULL */
    Instant verified_at;
    VIEW_LIST(MandateView) letters;
    FormField party_kind;              /* private */
    FormField party_number;            /* private */
    FormField party_name;              /* private */
    FormField is_party_name_confirmed; /* private */
    FormField is_original_seen;        /* private */
    FormField agent_kind;              /* private */
    FormField agent_number;            /* private */
    FormField agent_name;              /* private */
    FormField is_agent_name_confirmed; /* private */
    FormField letter_no;               /* private */
    FormField valid_until;             /* private */
    FormField item;                    /* private */
    FormField letter;                  /* private */
    FormField revoke_reason;           /* private */
    FormField field;                   /* private */
    FormField reason;                  /* private */
    bool asks_name; /* private */      /* the name differs from the one on file */
    bool asks_agent_name;              /* private */
    bool can_revoke;                   /* private */
} PersonView;

/* view:   What recording or verifying gives to a program. */
typedef struct PartyMadeView {
    Id id;
} PartyMadeView;

/* view: unmasked.html  A hidden value, whole, once. */
typedef struct UnmaskedView {
    const char *label; /* what it is, ready text */
    const char *name;  /* whose */
    const char *value;
    const char *back; /* path */
} UnmaskedView;

typedef struct UnmaskingView {
    Id id;
    Instant at;
    const char *officer;
    const char *login;
    const char *unit;
    const char *party;
    const char *dossier; /* number, or NULL */
    const char *field;   /* ready text */
    const char *reason;
} UnmaskingView;

/* view: unmaskings.html  Who saw whose hidden values, when and why. */
typedef struct UnmaskingsView {
    VIEW_LIST(UnmaskingView) unmaskings;
    Pager pager;
    EmptyState empty;
} UnmaskingsView;

#endif
