#ifndef DOSSIER_DOSSIER_VIEWS_H
#define DOSSIER_DOSSIER_VIEWS_H

#include "web/view.h"

/* ---- applying -------------------------------------------------------------------------------- */

/* A file that was uploaded with a refused form and is kept for the next one. */
typedef struct KeptFileView {
    const char *title;
    int64_t size_kib;
    const char *ticket; /* sent again as kept.CODE */
} KeptFileView;

typedef struct MaterialChoiceView {
    const char *code;
    const char *name;
    const char *note;
    bool is_required;
    bool is_unsure; /* answers that would tell whether it is needed are missing */
    bool is_brought;
    const char *field_id; /* private */
    const char *error;    /* of its files */
    VIEW_LIST(KeptFileView) kept;
} MaterialChoiceView;

/* view: apply.html  The form of one item. */
typedef struct ApplyView {
    const char *code;
    const char *item;
    const char *kind;
    bool has_refresh;      /* answers change what is asked */
    const char *hindrance; /* what is to be done before this can be filed; or NULL */
    bool has_applicant_choice;
    FormField applicant; /* for whom, when the applicant has letters of firms */
    Id known_for;        /* whose facts the fields began with; 0: there is no choice */
    bool has_known;      /* some field is filled in */
    VIEW_LIST(FieldError) errors;
    VIEW_LIST(FormField) fields;
    VIEW_LIST(MaterialChoiceView) materials;
} ApplyView;

/* view:   What filing an application gives to a program. */
typedef struct FiledView {
    const char *number;
    const char *state;
    const char *stage;
    int64_t promised_limit;
    const char *limit_unit;
} FiledView;

/* ---- taking in at a window ------------------------------------------------------------------- */

typedef struct IntakeItemView {
    const char *code;
    const char *kind;
    const char *name;
    const char *unit;
} IntakeItemView;

/* view: intake_list.html  Choose what is to be taken in. */
typedef struct IntakeListView {
    const char *query; /* what was searched for, or NULL */
    VIEW_LIST(IntakeItemView) items;
    EmptyState empty;
} IntakeListView;

/* view: intake.html  Take in an application on behalf: whose, who came, the form, materials. */
typedef struct IntakeView {
    const char *code;
    const char *item;
    bool is_fresh; /* private */ /* nothing was typed yet */
    bool has_refresh;            /* answers change what is asked */
    VIEW_LIST(FieldError) errors;
    FormField identity_kind;
    FormField identity_number;
    FormField party_name;
    FormField is_party_name_confirmed;
    bool asks_name; /* the name differs from the one on file */
    FormField party_phone;
    FormField is_original_seen;
    bool has_known; /* fields begin with what was told before */
    bool has_actor; /* private */
    FormField actor_role;
    FormField agent_kind;
    FormField agent_number;
    FormField agent_name;
    FormField is_agent_name_confirmed;
    bool asks_agent_name;
    FormField agent_phone;
    FormField letter_no;
    FormField letter_until;
    VIEW_LIST(FormField) fields;
    VIEW_LIST(MaterialChoiceView) materials;
} IntakeView;

/* ---- lists ----------------------------------------------------------------------------------- */

typedef struct MyLineView {
    const char *number;
    const char *item;
    const char *about; /* what was applied for: the name of the business ...; or NULL */
    const char *state;
    const char *stage;
    const char *step; /* what happens now, ready text */
    Instant filed_at;
    Date due_on;
    bool is_provisional;
    const char *waits_for; /* "supplement": something is to be mended */
    const char *ground;    /* why the clock stands still, ready text; or NULL */
    bool can_rate;
} MyLineView;

/* view: my.html  An applicant's own dossiers. */
typedef struct MyView {
    VIEW_LIST(MyLineView) dossiers;
    Pager pager;
    EmptyState empty;
} MyView;

/* view: track.html  Follow a dossier by number and phone. */
typedef struct TrackView {
    VIEW_LIST(FieldError) errors;
    FormField number;
    FormField phone;
    const char *typed_number; /* private: by the keys of a touch screen */
    const char *typed_phone;  /* private */
    bool is_phone_next;       /* private: the keys write the phone */
    bool is_found;
    const char *found_number;
    const char *item;
    const char *state;
    const char *carrier; /* what the certificate was sent by, or NULL */
    const char *tracking;
    VIEW_LIST(Step) steps;
} TrackView;

typedef struct DeskLineView {
    Lamp lamp;
    const char *number;
    const char *item;
    const char *applicant;
    const char *step;
    const char *kind;
    const char *officer; /* who has it, or NULL */
    bool is_mine;
    Id task;
    const char *stage;
    const char *waits_for; /* "supplement": the applicant is to act; or NULL */
    const char *ground;    /* code of why the clock stands still, or NULL */
    Instant due_at;
    Instant created_at;
} DeskLineView;

/* One of the five stages, to choose from. */
typedef struct StageChipView {
    const char *stage; /* "" all of them */
    const char *label;
    const char *query; /* private */
    bool is_chosen;
} StageChipView;

/* Somebody who is away, for whom the officer acts. */
typedef struct ActingView {
    Id officer;
    const char *name;
    Date until;        /* last day away */
    const char *query; /* private */
    bool is_chosen;
} ActingView;

/* view: desk.html  The open tasks of the officer's unit, by urgency. */
typedef struct DeskView {
    const char *unit;
    bool is_mine;                        /* only what I have */
    Id acting_for;                       /* only what this one has, who is away; 0 */
    const char *stage;                   /* only of this stage; "" all */
    const char *mine_query;              /* private */
    const char *all_query;               /* private */
    const char *own_query; /* private */ /* what is chosen, for the spreadsheet */
    VIEW_LIST(StageChipView) stages;
    int64_t warnings;   /* near or over their limit and warned of: mine or nobody's */
    int64_t notices;    /* correction notices that the unit has to answer */
    int64_t extensions; /* for its head: extensions to decide */
    VIEW_LIST(ActingView) acting;
    VIEW_LIST(DeskLineView) tasks;
    Pager pager;
    EmptyState empty;
} DeskView;

/* ---- one dossier ----------------------------------------------------------------------------- */

typedef struct AnswerView {
    const char *key;
    const char *label;
    bool is_hidden; /* only a part of it is shown */
    Masked value;   /* identity numbers and phones in part only */
} AnswerView;

typedef struct MaterialFileView {
    Id id;
    const char *title;
    const char *media_type;
    int64_t size_kib;
    bool is_shown;     /* a browser shows it; else it is downloaded */
    bool is_by_window; /* handed in at a window */
    bool is_replaced;  /* a later one took its place */
    Instant uploaded_at;
} MaterialFileView;

typedef struct MaterialView {
    const char *code;
    const char *name;
    VIEW_LIST(MaterialFileView) files;
    bool is_required;
    bool is_brought;
    bool is_seen;
    bool is_ticked; /* private */ /* on the form: seen, or ticked in a refused one */
} MaterialView;

typedef struct TaskView {
    Id id;
    const char *name;
    const char *stage;
    const char *unit;
    const char *state;
    const char *officer;
    const char *outcome;
    const char *opinion;
    Instant created_at;
    Instant completed_at;
} TaskView;

typedef struct WhyDayView {
    Date date;
    const char *effect; /* event_day counted weekend holiday not_counted ... */
    int64_t counted;
    const char *name;   /* of the holiday, or NULL */
    const char *ground; /* on which it is not counted, ready text; or NULL */
    bool is_provisional;
    bool is_makeup;
} WhyDayView;

/* A promised date that moved: its year's holidays were announced or corrected. */
typedef struct DueMoveView {
    Instant at;
    Date old_due_on;
    Date new_due_on;
} DueMoveView;

/* Time that is not counted. */
typedef struct SpanView {
    const char *ground; /* code */
    const char *name;
    Instant from;
    Instant to;        /* none: still open */
    int64_t own_limit; /* 0: none of its own */
    const char *own_unit;
    const char *note;    /* for officers */
    const char *officer; /* for officers */
} SpanView;

typedef struct ClockView {
    Lamp lamp;
    Instant due_at;
    Date due_on;
    Date provisional_from;
    bool is_stopped;    /* completed */
    bool is_suspended;  /* stands still: due_on is what it would be if it ran again now */
    const char *ground; /* why, ready text; or NULL */
    Instant runs_again_at;
    VIEW_LIST(SpanView) spans;
    int64_t total;
    const char *limit_unit;
    VIEW_LIST(WhyDayView) days;
    VIEW_LIST(DueMoveView) moves;
} ClockView;

typedef struct IncidentView {
    Id id;
    const char *element;
    const char *code;
    const char *reason;  /* in plain words */
    const char *message; /* the engine's own, English, with the place */
    bool is_open;
    Instant raised_at;
} IncidentView;

typedef struct GradeView {
    int64_t grade;
    const char *label;
    const char *icon;
    bool is_chosen; /* private */ /* in a refused form */
} GradeView;

/* One of the certificates that were issued. */
typedef struct IssuedView {
    const char *number;
    const char *title;
    const char *part; /* which of the item's list */
    const char *unit;
    bool is_served;
} IssuedView;

typedef struct NoticeLineView {
    const char *kind; /* material field */
    const char *code;
    const char *name;
    const char *missing;
    const char *mend;
    const char *was_visible; /* yes no, or NULL on a first notice */
} NoticeLineView;

/* A one-time notice. */
typedef struct NoticeView {
    Id id;
    int64_t ordinal;
    const char *state; /* asked sent refused answered ended */
    const char *unit;
    const char *officer;
    const char *reason;   /* of a second one */
    const char *decision; /* the leader's words */
    Instant asked_at;
    Instant sent_at;
    Instant answered_at;
    Instant taken_back_at;
    const char *taken_back_why;
    bool can_take_back; /* private */
    FormField why;      /* private */
    VIEW_LIST(NoticeLineView) lines;
} NoticeView;

typedef struct ChangeView {
    const char *key;
    const char *label;
    Masked was;
    Masked now;
} ChangeView;

/* What was mended. */
typedef struct SupplementView {
    Instant at;
    const char *by_kind; /* applicant officer */
    const char *note;
    VIEW_LIST(ChangeView) changes;
    VIEW_LIST(Text) materials; /* names */
} SupplementView;

typedef struct FeeView {
    Fen standard;
    Fen reduction;
    const char *reduction_ground; /* NULL: not reduced */
    const char *reduction_basis;
    Fen amount;        /* what is left to pay */
    const char *state; /* due paid waived */
    const char *basis; /* of the standard */
    const char *reference;
    Instant charged_at;
    Instant paid_at;
} FeeView;
/* One of the people of a dossier. */
typedef struct PersonOfDossierView {
    Id party;
    const char *role; /* applicant by_letter guardian */
    const char *name;
    const char *identity_kind; /* NULL: no number is known */
    Masked number;
    Masked phone;
    bool has_phone;   /* private */
    bool is_verified; /* an officer saw the original */
    const char *letter_no;
    Date valid_until;
} PersonOfDossierView;

/* A paper that was handed out. */
typedef struct PaperLineView {
    Id id;
    const char *kind; /* receipt acceptance ... */
    const char *number;
    const char *title;
    Instant issued_at;
} PaperLineView;

/* Something that went into a decision by table, or came out of it. */
typedef struct RuleValueView {
    const char *label;
    const char *value;
    bool is_personal; /* not told */
} RuleValueView;

/* A rule that matched. */
typedef struct RuleFiredView {
    int64_t rule;     /* from 1, as the table is read */
    const char *path; /* the rule in its table, for whoever works on tables; else NULL */
    const char *basis;
    Date checked_on; /* none: the department is still to confirm the article */
} RuleFiredView;

/* Why: one decision by table, as the journal tells it. */
typedef struct RulingView {
    const char *step; /* limits fee materials authorisation ... */
    const char *name; /* ready text of that */
    Instant at;
    const char *table;
    const char *title; /* what the table calls itself, else its code */
    int64_t version;
    Date effective_from;
    const char *place; /* whose own version it was, or NULL: everybody's */
    const char *binds; /* filed accepted decided: the moment whose version binds */
    Date on;
    VIEW_LIST(RuleValueView) inputs;
    VIEW_LIST(RuleFiredView) fired;
    VIEW_LIST(RuleValueView) outputs;
    const char *path; /* the table's page, for whoever may read it; else NULL */
} RulingView;

/* More time to decide: asked for, granted, refused. */
typedef struct ExtensionView {
    Id id;
    const char *state;   /* asked granted refused ended */
    const char *officer; /* for officers */
    const char *reason;
    int64_t amount;
    const char *unit; /* of the limit */
    const char *basis;
    Instant asked_at;
    Instant decided_at;
    const char *head;     /* who decided; for officers */
    const char *decision; /* for officers */
    Date due_before;
    Date due_after;
} ExtensionView;

/* How a certificate reaches the applicant. */
typedef struct DeliveryView {
    const char *way;   /* window post; NULL: nothing is to be served */
    const char *state; /* chosen due posted served */
    const char *unit;  /* whose task it is, once it is due */
    const char *recipient;
    const char *phone;   /* masked */
    const char *address; /* masked for officers */
    Date due_on;
    Instant due_at;
    Lamp lamp;
    int64_t days; /* working days after the decision */
    const char *basis;
    const char *carrier;
    const char *tracking;
    Date posted_on;
    Date served_on;
    const char *served_how; /* signed applicant letter */
    int64_t returns;
    bool is_posted_allowed;    /* private */
    bool can_choose;           /* private */
    bool can_post;             /* private */
    bool can_collect;          /* private */
    bool can_end;              /* private */
    bool is_choice_open;       /* private */
    FormField delivery_way;    /* private */
    FormField to;              /* private */
    FormField to_phone;        /* private */
    FormField to_address;      /* private */
    FormField carrier_field;   /* private */
    FormField tracking_field;  /* private */
    FormField posted_on_field; /* private */
    FormField signed_on_field; /* private */
    FormField collected_by;    /* private */
} DeliveryView;

/* view: dossier.html  One dossier: facts, materials, steps, opinions, clock, next actions. */
typedef struct DossierView {
    const char *number;
    const char *item;
    const char *item_code;
    const char *kind;
    const char *state;
    const char *stage;
    const char *applicant;
    VIEW_LIST(PersonOfDossierView) people;
    bool can_unmask;
    bool is_unmask_open;     /* private */
    FormField what;          /* private */
    FormField unmask_reason; /* private */
    const char *channel;
    const char *unit;
    Instant filed_at;
    Instant completed_at;
    const char *reason; /* of the decision, or NULL */
    bool is_own;
    Instant answer_due_at; /* until when to accept, refuse or tell what is missing; or none */
    bool is_silent;        /* accepted because nobody did */
    bool has_clock;
    ClockView clock;
    VIEW_LIST(AnswerView) answers;
    VIEW_LIST(MaterialView) materials;
    const char *waits_for; /* "supplement": the applicant is to act; or NULL */
    Instant withdrawn_at;
    const char *withdrawn_by; /* who asked for it at a window, or NULL */
    const char *withdrawn_role;
    const char *withdrawn_how; /* how the officer knew who it was */
    const char *withdrawn_unit;
    const char *withdrawn_officer;
    const char *archive_number; /* once it is completed */
    VIEW_LIST(NoticeView) notices;
    VIEW_LIST(SupplementView) supplements;
    VIEW_LIST(FeeView) fees;
    VIEW_LIST(ExtensionView) extensions;
    bool can_extend;                     /* private */
    FormField extension_reason;          /* private */
    bool can_mend;                       /* this user may hand in a supplement now */
    bool can_withdraw;                   /* private */
    bool can_work; /* private */         /* on the open task: send a notice, stop the clock */
    bool can_suspend;                    /* private */
    bool can_resume;                     /* private */
    FormField ground;                    /* private */
    FormField note;                      /* private */
    FormField withdraw_reason;           /* private */
    bool can_withdraw_for; /* private */ /* at a window, for an applicant without account */
    bool is_withdraw_open;               /* private */
    FormField who;                       /* private */
    FormField how;                       /* private */
    bool needs_materials; /* private */  /* open, and something is still to be brought */
    VIEW_LIST(Step) steps;
    VIEW_LIST(TaskView) tasks;
    VIEW_LIST(IncidentView) incidents;
    bool has_task; /* an open task that this officer may work on */
    Id task;
    const char *task_name;
    bool is_task_mine;
    const char *task_officer; /* who has it, when that is somebody else */
    const char *task_for;     /* who has it and is away, so that this officer acts */
    Date task_until;          /* the last day of that */
    const char *task_refusal; /* code with which this officer would be refused; NULL: none */
    VIEW_LIST(FieldError) errors;
    VIEW_LIST(FormField) fields;
    VIEW_LIST(IssuedView) certificates;
    VIEW_LIST(PaperLineView) papers;
    VIEW_LIST(RulingView) rulings;
    DeliveryView delivery;
    const char *certificate; /* the number of the first, or NULL */
    const char *certificate_title;
    bool is_served;
    bool can_rate;
    int64_t grade; /* given, 0 none */
    const char *grade_text;
    VIEW_LIST(GradeView) grades;
    FormField comment;       /* private */
    const char *grade_error; /* private */
} DossierView;

/* ---- notices, supplements, archive, letters -------------------------------------------------- */

/* One thing that a notice may name. */
typedef struct NoticeChoiceView {
    const char *place; /* "material.floor-plan", "field.room_count" */
    const char *name;
    FormField missing;           /* private */
    FormField mend;              /* private */
    FormField visible;           /* private */
    bool is_named; /* private */ /* something is typed or wrong: shown open */
} NoticeChoiceView;

/* view: notice.html  The form of a one-time notice: everything that may be missing. */
typedef struct NoticeFormView {
    const char *number;
    const char *item;
    const char *applicant;
    Id task;
    const char *task_name;
    bool is_second;
    VIEW_LIST(FieldError) errors;
    VIEW_LIST(NoticeChoiceView) materials;
    VIEW_LIST(NoticeChoiceView) fields;
    FormField reason; /* private */
} NoticeFormView;

typedef struct AskedNoticeView {
    Id id;
    const char *number;
    const char *item;
    const char *applicant;
    const char *officer;
    const char *reason;
    Instant asked_at;
    VIEW_LIST(NoticeLineView) lines;
    FormField words; /* private */
} AskedNoticeView;

/* view: notices.html  Second notices that wait for the leader of the unit. */
typedef struct NoticesView {
    const char *unit;
    VIEW_LIST(FieldError) errors;
    VIEW_LIST(AskedNoticeView) notices;
    Pager pager;
    EmptyState empty;
} NoticesView;

/* view: supplement.html  What is to be mended, and the form to mend it. */
typedef struct SupplementFormView {
    const char *number;
    const char *item;
    bool is_own;
    bool has_refresh;
    VIEW_LIST(FieldError) errors;
    VIEW_LIST(NoticeView) notices;
    VIEW_LIST(FormField) fields;
    VIEW_LIST(MaterialChoiceView) materials;
    FormField note; /* private */
} SupplementFormView;

typedef struct ArchivedView {
    const char *archive_number;
    const char *number;
    const char *item;
    const char *applicant;
    const char *state;
    Instant completed_at;
} ArchivedView;

/* view: archive.html  What a unit has closed, newest first. */
typedef struct ArchiveView {
    const char *unit;
    VIEW_LIST(ArchivedView) dossiers;
    Pager pager;
    EmptyState empty;
} ArchiveView;

typedef struct LetterView {
    Id id;
    const char *letter_no;
    const char *officer;
    const char *unit;
    const char *item;    /* code, * every item */
    const char *element; /* * every step */
    const char *item_name;
    const char *step_name;
    Date valid_from;
    Date valid_until;
    const char *state; /* coming valid over ended */
} LetterView;

/* view: letters.html  Letters of authorisation, and the form to register one. */
typedef struct LettersView {
    VIEW_LIST(FieldError) errors;
    VIEW_LIST(LetterView) letters;
    Pager pager;
    FormField login;       /* private */
    FormField item;        /* private */
    FormField element;     /* private */
    FormField valid_from;  /* private */
    FormField valid_until; /* private */
    FormField letter_no;   /* private */
} LettersView;

/* view:   The letter that was registered. */
typedef struct LetterMadeView {
    Id id;
} LetterMadeView;

#endif
