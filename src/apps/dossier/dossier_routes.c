/* dossier_routes.c - the route table of this capability, and what each route takes. */
#include "apps/dossier/dossier_delivery.h"
#include "apps/dossier/dossier_extension.h"
#include "apps/dossier/dossier_files.h"
#include "apps/dossier/dossier_paper_pages.h"
#include "apps/dossier/dossier_people.h"
#include "apps/dossier/dossier_register.h"
#include "apps/dossier/delivery_views_gen.h"
#include "apps/dossier/extension_views_gen.h"
#include "apps/dossier/flow_views_gen.h"
#include "apps/dossier/register_views_gen.h"

static const InputField apply_input[] = {
    {"code", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 60},
    {"applicant", INPUT_ID, 0},
    {"known_for", INPUT_ID, 0},
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
static const char *const tap_fields[] = {"number", "phone", NULL};
static const InputField tap_input[] = {
    {"number", INPUT_TEXT, 0, .most = 40},
    {"phone", INPUT_TEXT, 0, .most = 40},
    {"field", INPUT_CHOICE, INPUT_REQUIRED, .choices = tap_fields, .label = "track.which"},
    {"tap", INPUT_TEXT, 0, .most = 5, .label = "track.tap"},
    {0},
};
static const InputField desk_input[] = {
    {"mine", INPUT_BOOL, 0},
    {"for", INPUT_ID, 0},
    {"stage", INPUT_CHOICE, 0, .choices = dossier_stages},
    {"after", INPUT_PLACE, 0},
    {0},
};
static const InputField desk_export_input[] = {
    {"mine", INPUT_BOOL, 0},
    {"for", INPUT_ID, 0},
    {"stage", INPUT_CHOICE, 0, .choices = dossier_stages},
    {0},
};
static const InputField place_input[] = {{"after", INPUT_PLACE, 0}, {0}};
static const InputField after_input[] = {{"after", INPUT_ID, 0}, {0}};
static const InputField letter_end_input[] = {
    {"letter", INPUT_ID, INPUT_IN_PATH | INPUT_REQUIRED},
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
    ROUTE_GET("/intake", RIGHT_DOSSIER_INTAKE, intake_list, &IntakeListView_type, intake_list_input,
              "Choose what a window is to take in"),
    ROUTE_GET("/intake/register", RIGHT_DOSSIER_INTAKE, register_page, &IntakeRegisterView_type,
              after_input, "What the officer's window or village point took in, newest first"),
    ROUTE_GET_HEAVY("/intake/register.xlsx", RIGHT_DOSSIER_INTAKE, register_export, NULL, NULL,
                    "The register of intake, all of it, as a spreadsheet"),
    ROUTE_GET("/intake/{code}", RIGHT_DOSSIER_INTAKE, intake_page, &IntakeView_type,
              apply_page_input, "The form to take in an application on behalf"),
    ROUTE_POST("/intake/{code}", RIGHT_DOSSIER_INTAKE, intake_prepare, intake_act, intake_page,
               &FiledView_type, intake_input, "Take in an application on behalf"),
    ROUTE_POST_HEAVY("/intake/{code}/recall", RIGHT_DOSSIER_INTAKE, intake_recall, NULL,
                     intake_page, &IntakeView_type, intake_input,
                     "The form with what the applicant told before; the look is written down"),
    ROUTE_POST("/intake/{code}/refresh", RIGHT_DOSSIER_INTAKE, intake_refresh, NULL, intake_page,
               &IntakeView_type, intake_input, "The form again, with what the answers change"),
    ROUTE_POST_HEAVY("/dossiers/{number}/unmask", RIGHT_PARTY_UNMASK, dossier_unmask, NULL,
                     dossier_page, &UnmaskedView_type, dossier_unmask_input,
                     "See a hidden value of a dossier whole; journaled"),
    ROUTE_GET("/my", RIGHT_APPLY, my_page, &MyView_type, my_input, "My own dossiers"),
    ROUTE_GET("/track", RIGHT_PUBLIC, track_page, &TrackView_type, NULL,
              "The form to follow a dossier"),
    ROUTE_POST("/track", RIGHT_PUBLIC, track_show, NULL, track_page, &TrackView_type, track_input,
               "Follow a dossier by number and phone"),
    ROUTE_GET("/track/tap", RIGHT_PUBLIC, track_page, &TrackView_type, NULL,
              "The keys of a touch screen, nothing tapped yet"),
    ROUTE_POST("/track/tap", RIGHT_PUBLIC, track_tap, NULL, track_page, &TrackView_type, tap_input,
               "A key of a touch screen: one more digit of the number or the phone"),
    ROUTE_GET("/desk", RIGHT_DESK_READ, desk_page, &DeskView_type, desk_input,
              "Open tasks of the officer's unit, by urgency"),
    ROUTE_GET_HEAVY("/desk.xlsx", RIGHT_DESK_READ, desk_export, NULL, desk_export_input,
                    "The open tasks of the officer's unit, all of them, as a spreadsheet"),
    ROUTE_GET("/dossiers/{number}", RIGHT_SIGNED_IN, dossier_page, &DossierView_type, number_input,
              "One dossier"),
    ROUTE_GET("/dossiers/{number}/flow", RIGHT_SIGNED_IN, flow_page, &FlowView_type, number_input,
              "The process of a dossier as it was drawn, and where it stands"),
    ROUTE_GET("/dossiers/{number}/certificate", RIGHT_SIGNED_IN, certificate_page, &PaperView_type,
              certificate_input,
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
    ROUTE_GET("/dossiers/{number}/tasks/{task}/notice", RIGHT_DESK_WORK, notice_page,
              &NoticeFormView_type, task_input, "The form of a one-time notice"),
    ROUTE_POST("/dossiers/{number}/tasks/{task}/notice", RIGHT_DESK_WORK, notice_prepare,
               notice_act, notice_page, NULL, dossier_notice_input,
               "Tell the applicant, once and whole, what is missing"),
    ROUTE_POST("/dossiers/{number}/notices/{notice}/take-back", RIGHT_DESK_WORK, NULL,
               take_back_act, dossier_page, NULL, dossier_take_back_input,
               "Take a notice back before it was answered"),
    ROUTE_GET("/notices", RIGHT_DOSSIER_LEAD, notices_page, &NoticesView_type, after_input,
              "Second one-time notices that wait for the leader of the unit"),
    ROUTE_POST("/notices/{notice}/approve", RIGHT_DOSSIER_LEAD, NULL, notice_approve_act,
               notices_page, NULL, dossier_decide_input, "Let a second notice go out"),
    ROUTE_POST("/notices/{notice}/refuse", RIGHT_DOSSIER_LEAD, NULL, notice_refuse_act,
               notices_page, NULL, dossier_decide_input, "Hold a second notice back"),
    ROUTE_GET("/dossiers/{number}/supplement", RIGHT_SIGNED_IN, supplement_page,
              &SupplementFormView_type, number_input,
              "What is to be mended, and the form to mend it"),
    ROUTE_POST("/dossiers/{number}/supplement", RIGHT_SIGNED_IN, supplement_prepare, supplement_act,
               supplement_page, NULL, dossier_supplement_input, "Hand in what a notice asked for"),
    ROUTE_POST("/dossiers/{number}/supplement/refresh", RIGHT_SIGNED_IN, supplement_refresh, NULL,
               supplement_page, &SupplementFormView_type, dossier_supplement_input,
               "The form again, with what the answers change"),
    ROUTE_POST("/dossiers/{number}/tasks/{task}/suspend", RIGHT_DESK_WORK, task_prepare,
               suspend_act, dossier_page, NULL, dossier_suspend_input,
               "Stop the clock on a lawful ground"),
    ROUTE_POST("/dossiers/{number}/tasks/{task}/resume", RIGHT_DESK_WORK, task_prepare, resume_act,
               dossier_page, NULL, task_input, "Let the clock run again"),
    ROUTE_POST("/dossiers/{number}/tasks/{task}/extend", RIGHT_DESK_WORK, task_prepare, extend_act,
               dossier_page, NULL, dossier_extend_input,
               "Ask the head of the unit for more time to decide"),
    ROUTE_GET("/extensions", RIGHT_DOSSIER_LEAD, extensions_page, &ExtensionsView_type, after_input,
              "Extensions that wait for the head of the unit"),
    ROUTE_POST("/extensions/{extension}/grant", RIGHT_DOSSIER_LEAD, NULL, extension_grant_act,
               extensions_page, NULL, dossier_decide_extension_input,
               "Grant more time to decide; the applicant is told"),
    ROUTE_POST("/extensions/{extension}/refuse", RIGHT_DOSSIER_LEAD, NULL, extension_refuse_act,
               extensions_page, NULL, dossier_decide_extension_input, "Refuse more time to decide"),
    ROUTE_POST("/dossiers/{number}/withdraw", RIGHT_APPLY, NULL, withdraw_act, dossier_page, NULL,
               dossier_withdraw_input, "Take an application back, before it is decided"),
    ROUTE_POST("/dossiers/{number}/withdraw-for", RIGHT_DOSSIER_INTAKE, NULL, withdraw_for_act,
               dossier_page, NULL, dossier_withdraw_for_input,
               "Take an application back at a window, for an applicant without an account"),
    ROUTE_POST("/dossiers/{number}/service", RIGHT_SIGNED_IN, NULL, choose_act, dossier_page, NULL,
               delivery_choose_input, "Choose how the certificate comes: at the window or by post"),
    ROUTE_POST("/dossiers/{number}/service/posted", RIGHT_DESK_WORK, NULL, post_act, dossier_page,
               NULL, delivery_post_input, "The certificate was given to a carrier"),
    ROUTE_POST("/dossiers/{number}/service/signed", RIGHT_DESK_WORK, NULL, signed_act, dossier_page,
               NULL, delivery_signed_input, "The recipient signed for the certificate"),
    ROUTE_POST("/dossiers/{number}/service/came-back", RIGHT_DESK_WORK, NULL, back_act,
               dossier_page, NULL, delivery_back_input, "The certificate came back by post"),
    ROUTE_POST("/dossiers/{number}/service/collected", RIGHT_DESK_WORK, NULL, collected_act,
               dossier_page, NULL, delivery_collected_input,
               "The certificate was handed over at the window"),
    ROUTE_GET("/service", RIGHT_DESK_READ, deliveries_page, &DeliveriesView_type, deliveries_input,
              "Certificates that the officer's unit has to hand over or post, by date"),
    ROUTE_POST_HEAVY("/service/sheet", RIGHT_PARTY_UNMASK, deliveries_sheet, NULL, deliveries_page,
                     NULL, NULL,
                     "Addresses of what is to be posted, as a spreadsheet; each look is journaled"),
    ROUTE_GET("/archive", RIGHT_DESK_READ, archive_page, &ArchiveView_type, place_input,
              "What the officer's unit has closed, newest first"),
    ROUTE_GET("/admin/authorisations", RIGHT_ADMIN_READ, letters_page, &LettersView_type,
              after_input, "Letters of authorisation"),
    ROUTE_POST("/admin/authorisations", RIGHT_ADMIN_WORK, NULL, letter_act, letters_page,
               &LetterMadeView_type, dossier_letter_input, "Register a letter of authorisation"),
    ROUTE_POST("/admin/authorisations/{letter}/end", RIGHT_ADMIN_WORK, NULL, letter_end_act,
               letters_page, NULL, letter_end_input, "End a letter before its time"),
    ROUTE_END,
};
