/* dossier_routes.c - the route table of this capability, and what each route takes. */
#include "apps/dossier/dossier_files.h"
#include "apps/dossier/dossier_pages.h"
#include "apps/dossier/flow_views_gen.h"

static const InputField apply_input[] = {
    {"code", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 60},
    {"material", INPUT_TEXT, INPUT_REPEATED, .most = 60},
    {"form", INPUT_FORM, 0},
    UPLOAD_FIELDS,
    {0},
};
static const InputField apply_page_input[] = {
    {"code", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 60},
    {0},
};
static const InputField my_input[] = {{"after", INPUT_ID, 0}, {0}};
static const InputField track_input[] = {
    {"number", INPUT_TEXT, INPUT_REQUIRED, .most = 40},
    {"phone", INPUT_PHONE, INPUT_REQUIRED},
    {0},
};
static const InputField desk_input[] = {
    {"mine", INPUT_BOOL, 0},
    {"after", INPUT_PLACE, 0},
    {0},
};
static const InputField number_input[] = {
    {"number", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 40},
    {0},
};
static const InputField certificate_input[] = {
    {"number", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 40},
    {"part", INPUT_TEXT, 0, .most = 60},
    {0},
};
static const InputField task_input[] = {
    {"number", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 40},
    {"task", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {0},
};
static const InputField complete_input[] = {
    {"number", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 40},
    {"task", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {"seen", INPUT_TEXT, INPUT_REPEATED, .most = 60},
    {"form", INPUT_FORM, 0},
    {0},
};
static const InputField file_input[] = {
    {"number", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 40},
    {"file", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
    {0},
};
const InputField dossier_rate_input[] = {
    {"number", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 40},
    {"grade", INPUT_INT, INPUT_REQUIRED, .least = 1, .most = 5},
    {"comment", INPUT_LINES, 0, .most = 500},
    {0},
};

const Route dossier_routes[] = {
    ROUTE_GET("/apply/{code}", RIGHT_APPLY, apply_page, &ApplyView_type, apply_page_input,
              "The form of an item"),
    ROUTE_POST("/apply/{code}", RIGHT_APPLY, apply_prepare, apply_act, apply_page, &FiledView_type,
               apply_input, "File an application"),
    ROUTE_POST("/apply/{code}/refresh", RIGHT_APPLY, apply_refresh, NULL, apply_page,
               &ApplyView_type, apply_input, "The form again, with what the answers change"),
    ROUTE_GET("/my", RIGHT_APPLY, my_page, &MyView_type, my_input, "My own dossiers"),
    ROUTE_GET("/track", RIGHT_PUBLIC, track_page, &TrackView_type, NULL,
              "The form to follow a dossier"),
    ROUTE_POST("/track", RIGHT_PUBLIC, track_show, NULL, track_page, &TrackView_type, track_input,
               "Follow a dossier by number and phone"),
    ROUTE_GET("/desk", RIGHT_DESK_READ, desk_page, &DeskView_type, desk_input,
              "Open tasks of the officer's unit, by urgency"),
    ROUTE_GET("/dossiers/{number}", RIGHT_SIGNED_IN, dossier_page, &DossierView_type, number_input,
              "One dossier"),
    ROUTE_GET("/dossiers/{number}/flow", RIGHT_SIGNED_IN, flow_page, &FlowView_type, number_input,
              "The process of a dossier as it was drawn, and where it stands"),
    ROUTE_GET("/dossiers/{number}/certificate", RIGHT_SIGNED_IN, certificate_page,
              &CertificateView_type, certificate_input,
              "A certificate of a dossier: that of the named part, or the first"),
    ROUTE_POST("/dossiers/{number}/certificate", RIGHT_APPLY, NULL, serve_act, dossier_page, NULL,
               certificate_input, "Receive a certificate"),
    ROUTE_GET("/dossiers/{number}/files/{file}", RIGHT_SIGNED_IN, file_page, NULL, file_input,
              "A file that was handed in for a material"),
    ROUTE_POST("/dossiers/{number}/rating", RIGHT_APPLY, NULL, rate_act, dossier_page, NULL,
               dossier_rate_input, "Rate a completed dossier, once"),
    ROUTE_POST("/dossiers/{number}/tasks/{task}/claim", RIGHT_DESK_WORK, task_prepare, claim_act,
               dossier_page, NULL, task_input, "Take an open task"),
    ROUTE_POST("/dossiers/{number}/tasks/{task}/release", RIGHT_DESK_WORK, task_prepare,
               release_act, dossier_page, NULL, task_input, "Give a task back"),
    ROUTE_POST("/dossiers/{number}/tasks/{task}/complete", RIGHT_DESK_WORK, complete_prepare,
               complete_act, dossier_page, NULL, complete_input, "Complete a task"),
    ROUTE_END,
};
