/* dossier_paper_routes.c - routes of papers, certificates as PDF, verifying, and rating by a
 * receipt. */
#include "apps/dossier/dossier_paper_pages.h"

static const InputField document_input[] = {
    {"number", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 40},
    {"document", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 30},
    {0},
};
static const InputField certificate_input[] = {
    {"number", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 40},
    {"part", INPUT_TEXT, 0, .most = 60},
    {0},
};
static const InputField code_input[] = {
    {"code", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 60, .label = "field.verify_code"},
    {0},
};
const InputField paper_verify_input[] = {
    {"code", INPUT_TEXT, INPUT_REQUIRED, .most = 60, .label = "field.verify_code"},
    {0},
};
static const InputField token_input[] = {
    {"token", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 60},
    {0},
};
const InputField paper_rate_input[] = {
    {"token", INPUT_TEXT, INPUT_IN_PATH | INPUT_REQUIRED, .most = 60},
    {"grade", INPUT_INT, INPUT_REQUIRED, .least = 1, .most = 5},
    {"comment", INPUT_LINES, 0, .most = 500},
    {0},
};

const Route dossier_paper_routes[] = {
    ROUTE_GET_HEAVY("/dossiers/{number}/documents/{document}", RIGHT_SIGNED_IN, paper_page,
                    &PaperView_type, document_input,
                    "A paper of a dossier; with .pdf behind its id as PDF"),
    ROUTE_GET_HEAVY("/dossiers/{number}/certificate.pdf", RIGHT_SIGNED_IN, certificate_pdf, NULL,
                    certificate_input, "A certificate of a dossier as PDF"),
    ROUTE_GET("/verify", RIGHT_PUBLIC, verify_page, &VerifyView_type, NULL,
              "The form to ask whether a paper is genuine"),
    ROUTE_POST("/verify", RIGHT_PUBLIC, verify_post, NULL, verify_page, &VerifyView_type,
               paper_verify_input, "Ask whether a paper is genuine, by its code"),
    ROUTE_GET("/verify/{code}", RIGHT_PUBLIC, verify_code_page, &VerifyView_type, code_input,
              "Whether the paper with this code is genuine"),
    ROUTE_GET("/rate/{token}", RIGHT_PUBLIC, rate_page, &RateView_type, token_input,
              "Rate a dossier by the token on its receipt"),
    ROUTE_POST("/rate/{token}", RIGHT_PUBLIC, NULL, rate_token_act, rate_page, NULL,
               paper_rate_input, "Rate a dossier, once, by the token on its receipt"),
    ROUTE_END,
};
