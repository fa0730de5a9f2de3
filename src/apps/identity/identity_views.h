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
    const char *next;
} RegisterView;

#endif
