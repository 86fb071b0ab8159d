"""The permission table: the status of each page when it is read (GET), then when an empty form is posted.

200 page · 302 done or redirected · 400 malformed request · 403 forbidden · 404 not found or hidden from this
role · 405 method not allowed · 409 conflict or signed lock · 422 refused with error messages.

The record: `-` none · `draft` a session in progress and its patient · `signed` the session is signed ·
`addended` signed, with an addendum · `in-error` signed, and marked as entered in error ·
`restricted` the patient's record is restricted to named users, the session in it is signed.
`author` is the therapist who wrote the session, `other` a therapist who did not, `nobody` holds no role.
"""

from functools import cache

from tests import world

TABLE = """
address                         record      desk     author   other    lead     admin    nobody
treatments:today                -           200/200  200/200  200/200  200/200  200/200  403/403
treatments:board-news           -           200/405  200/405  200/405  200/405  200/405  403/403
held-form                       -           204/400  204/400  204/400  204/400  204/400  403/403
treatments:audit                -           403/403  403/403  403/403  200/200  403/403  403/403
treatments:audit-export         -           403/403  403/403  403/403  405/200  403/403  403/403
who-may-what                    -           403/403  403/403  403/403  403/403  200/200  403/403
state-rules                     -           403/403  403/403  403/403  200/405  200/405  403/403
state-counsel                   -           403/403  403/403  403/403  200/422  403/403  403/403
state-counsel-withdraw          -           403/403  403/403  403/403  200/422  403/403  403/403
treatments:load                 -           200/405  200/405  200/405  200/405  200/405  403/403
treatments:therapist-away       -           200/422  200/422  200/422  403/403  403/403  403/403
treatments:take-out             -           403/403  403/403  403/403  200/422  403/403  403/403
treatments:leaving              -           403/403  403/403  403/403  200/422  200/422  403/403
treatments:reports              -           200/405  200/405  200/405  200/405  200/405  403/403
treatments:set-up               -           403/403  403/403  403/403  200/405  200/405  403/403
set-up-hours                    -           403/403  403/403  403/403  403/403  200/422  403/403
set-up-needles                  -           403/403  403/403  403/403  403/403  200/422  403/403
mail                            -           403/403  403/403  403/403  403/403  200/422  403/403
treatments:caseload             -           403/403  403/403  403/403  200/200  200/200  403/403
treatments:muscles              -           403/403  403/403  403/403  200/422  403/403  403/403
treatments:report-notes         -           403/403  200/200  200/200  200/200  403/403  403/403
treatments:report-needles       -           403/403  200/200  200/200  200/200  403/403  403/403
treatments:report-calls         -           200/200  200/200  200/200  200/200  403/403  403/403
treatments:report-soreness      -           403/403  200/200  200/200  200/200  200/200  403/403
treatments:report-overrides     -           403/403  200/200  200/200  200/200  200/200  403/403
treatments:report-visits        -           200/200  200/200  200/200  200/200  200/200  403/403
treatments:report-kept-apart    -           403/403  403/403  403/403  200/200  403/403  403/403
treatments:report-lot           -           403/403  200/422  200/422  200/422  403/403  403/403
treatments:adverse-events       -           403/403  200/200  200/200  200/200  403/403  403/403
treatments:adverse-event-rates  -           403/403  200/200  200/200  200/200  200/200  403/403
treatments:record               draft       200/200  200/200  200/200  200/200  403/403  403/403
treatments:record               restricted  404/404  302/302  302/302  404/404  403/403  403/403
treatments:trends               draft       403/403  200/200  200/200  200/200  403/403  403/403
treatments:trends               restricted  403/403  404/404  404/404  404/404  403/403  403/403
treatments:history              draft       403/403  200/200  200/200  200/200  403/403  403/403
treatments:history              restricted  403/403  404/404  404/404  404/404  403/403  403/403
treatments:record-print         draft       403/403  200/200  200/200  200/200  403/403  403/403
treatments:record-print         restricted  403/403  404/404  404/404  404/404  403/403  403/403
treatments:sharps-log           -           200/200  200/200  200/200  200/200  200/200  403/403
treatments:sharps-add           -           200/422  200/422  200/422  200/422  200/422  403/403
treatments:sharps-injury        -           404/405  200/405  404/405  200/405  200/405  403/403
treatments:sharps-correct       -           404/404  200/422  404/404  200/422  200/422  403/403
treatments:sharps-move          -           403/403  403/403  403/403  200/422  403/403  403/403
treatments:followups            -           200/200  200/200  200/200  200/200  403/403  403/403
treatments:warning-levels       -           403/403  403/403  403/403  200/200  403/403  403/403
treatments:warning-level        -           403/403  403/403  403/403  200/422  403/403  403/403
treatments:followup             draft       200/405  200/405  200/405  200/405  403/403  403/403
treatments:followup             restricted  404/405  404/405  404/405  404/405  403/403  403/403
treatments:followup-claim       draft       405/302  405/302  405/302  405/302  403/403  403/403
treatments:followup-claim       restricted  405/404  405/404  405/404  405/404  403/403  403/403
treatments:followup-answer      draft       405/422  405/422  405/422  405/422  403/403  403/403
treatments:followup-answer      restricted  405/404  405/404  405/404  405/404  403/403  403/403
treatments:followup-correct     draft       404/404  404/404  404/404  404/404  403/403  403/403
treatments:followup-correct     restricted  404/404  404/404  404/404  404/404  403/403  403/403
treatments:followup-rest        draft       404/404  404/404  404/404  404/404  403/403  403/403
treatments:followup-rest        restricted  404/404  404/404  404/404  404/404  403/403  403/403
treatments:followup-close       draft       200/422  200/422  200/422  200/422  403/403  403/403
treatments:followup-close       restricted  404/404  404/404  404/404  404/404  403/403  403/403
treatments:red-flag             draft       403/403  200/422  200/422  200/422  403/403  403/403
treatments:red-flag             restricted  403/403  404/404  404/404  404/404  403/403  403/403
treatments:session-faint        draft       403/403  200/422  200/422  200/422  403/403  403/403
treatments:session-faint        signed      403/403  200/422  200/422  200/422  403/403  403/403
treatments:session-faint        addended    403/403  200/422  200/422  200/422  403/403  403/403
treatments:session-faint        in-error    403/403  200/422  200/422  200/422  403/403  403/403
treatments:session-faint        restricted  403/403  404/404  404/404  404/404  403/403  403/403
treatments:adverse-event        draft       403/403  200/422  200/422  200/422  403/403  403/403
treatments:adverse-event        signed      403/403  200/422  200/422  200/422  403/403  403/403
treatments:adverse-event        addended    403/403  200/422  200/422  200/422  403/403  403/403
treatments:adverse-event        in-error    403/403  200/422  200/422  200/422  403/403  403/403
treatments:adverse-event        restricted  403/403  404/404  404/404  404/404  403/403  403/403
treatments:adverse-event-page   draft       403/403  200/405  200/405  200/405  403/403  403/403
treatments:adverse-event-page   signed      403/403  200/405  200/405  200/405  403/403  403/403
treatments:adverse-event-page   addended    403/403  200/405  200/405  200/405  403/403  403/403
treatments:adverse-event-page   in-error    403/403  200/405  200/405  200/405  403/403  403/403
treatments:adverse-event-page   restricted  403/403  404/405  404/405  404/405  403/403  403/403
treatments:adverse-event-change draft       403/403  200/422  200/422  200/422  403/403  403/403
treatments:adverse-event-change signed      403/403  200/422  200/422  200/422  403/403  403/403
treatments:adverse-event-change addended    403/403  200/422  200/422  200/422  403/403  403/403
treatments:adverse-event-change in-error    403/403  200/422  200/422  200/422  403/403  403/403
treatments:adverse-event-change restricted  403/403  404/404  404/404  404/404  403/403  403/403
treatments:adverse-event-report draft       403/403  200/422  200/422  200/422  403/403  403/403
treatments:adverse-event-report signed      403/403  200/422  200/422  200/422  403/403  403/403
treatments:adverse-event-report addended    403/403  200/422  200/422  200/422  403/403  403/403
treatments:adverse-event-report in-error    403/403  200/422  200/422  200/422  403/403  403/403
treatments:adverse-event-report restricted  403/403  404/404  404/404  404/404  403/403  403/403
treatments:adverse-event-close  draft       403/403  200/422  200/422  200/422  403/403  403/403
treatments:adverse-event-close  signed      403/403  200/422  200/422  200/422  403/403  403/403
treatments:adverse-event-close  addended    403/403  200/422  200/422  200/422  403/403  403/403
treatments:adverse-event-close  in-error    403/403  200/422  200/422  200/422  403/403  403/403
treatments:adverse-event-close  restricted  403/403  404/404  404/404  404/404  403/403  403/403
treatments:adverse-event-error  draft       403/403  200/422  200/422  200/422  403/403  403/403
treatments:adverse-event-error  signed      403/403  200/422  200/422  200/422  403/403  403/403
treatments:adverse-event-error  addended    403/403  200/422  200/422  200/422  403/403  403/403
treatments:adverse-event-error  in-error    403/403  200/422  200/422  200/422  403/403  403/403
treatments:adverse-event-error  restricted  403/403  404/404  404/404  404/404  403/403  403/403
treatments:session-open         draft       403/403  302/302  200/422  403/403  403/403  403/403
treatments:session-open         restricted  403/403  404/404  404/404  403/403  403/403  403/403
treatments:session              draft       403/403  200/400  200/404  200/403  403/403  403/403
treatments:session              signed      403/403  200/400  200/404  200/403  403/403  403/403
treatments:session              addended    403/403  200/400  200/404  200/403  403/403  403/403
treatments:session              in-error    403/403  200/400  200/404  200/403  403/403  403/403
treatments:session              restricted  403/403  404/404  404/404  404/403  403/403  403/403
treatments:session-field        draft       403/403  405/400  405/404  403/403  403/403  403/403
treatments:session-field        signed      403/403  405/400  405/404  403/403  403/403  403/403
treatments:session-field        addended    403/403  405/400  405/404  403/403  403/403  403/403
treatments:session-field        in-error    403/403  405/400  405/404  403/403  403/403  403/403
treatments:session-field        restricted  403/403  405/404  405/404  403/403  403/403  403/403
treatments:session-coediting     draft       403/403  405/400  405/404  403/403  403/403  403/403
treatments:session-coediting     signed      403/403  405/400  405/404  403/403  403/403  403/403
treatments:session-coediting     addended    403/403  405/400  405/404  403/403  403/403  403/403
treatments:session-coediting     in-error    403/403  405/400  405/404  403/403  403/403  403/403
treatments:session-coediting     restricted  403/403  405/404  405/404  403/403  403/403  403/403
treatments:session-unsaved       draft       403/403  405/204  405/404  403/403  403/403  403/403
treatments:session-unsaved       signed      403/403  405/409  405/404  403/403  403/403  403/403
treatments:session-unsaved       addended    403/403  405/409  405/404  403/403  403/403  403/403
treatments:session-unsaved       in-error    403/403  405/409  405/404  403/403  403/403  403/403
treatments:session-unsaved       restricted  403/403  405/404  405/404  403/403  403/403  403/403
treatments:session-unsaved-edit  draft       403/403  405/204  405/404  403/403  403/403  403/403
treatments:session-unsaved-edit  signed      403/403  405/409  405/404  403/403  403/403  403/403
treatments:session-unsaved-edit  addended    403/403  405/409  405/404  403/403  403/403  403/403
treatments:session-unsaved-edit  in-error    403/403  405/409  405/404  403/403  403/403  403/403
treatments:session-unsaved-edit  restricted  403/403  405/404  405/404  403/403  403/403  403/403
treatments:session-unsaved-measurement  draft       403/403  405/400  405/404  403/403  403/403  403/403
treatments:session-unsaved-measurement  signed      403/403  405/409  405/404  403/403  403/403  403/403
treatments:session-unsaved-measurement  addended    403/403  405/409  405/404  403/403  403/403  403/403
treatments:session-unsaved-measurement  in-error    403/403  405/409  405/404  403/403  403/403  403/403
treatments:session-unsaved-measurement  restricted  403/403  405/404  405/404  403/403  403/403  403/403
treatments:session-put-away     draft       403/403  405/400  405/404  403/403  403/403  403/403
treatments:session-put-away     signed      403/403  405/409  405/404  403/403  403/403  403/403
treatments:session-put-away     addended    403/403  405/409  405/404  403/403  403/403  403/403
treatments:session-put-away     in-error    403/403  405/409  405/404  403/403  403/403  403/403
treatments:session-put-away     restricted  403/403  405/404  405/404  403/403  403/403  403/403
treatments:site-add             draft       403/403  405/422  405/404  403/403  403/403  403/403
treatments:site-add             signed      403/403  405/409  405/404  403/403  403/403  403/403
treatments:site-add             addended    403/403  405/409  405/404  403/403  403/403  403/403
treatments:site-add             in-error    403/403  405/409  405/404  403/403  403/403  403/403
treatments:site-add             restricted  403/403  405/404  405/404  403/403  403/403  403/403
treatments:site-line            draft       403/403  405/422  405/404  403/403  403/403  403/403
treatments:site-line            signed      403/403  405/409  405/404  403/403  403/403  403/403
treatments:site-line            addended    403/403  405/409  405/404  403/403  403/403  403/403
treatments:site-line            in-error    403/403  405/409  405/404  403/403  403/403  403/403
treatments:site-line            restricted  403/403  405/404  405/404  403/403  403/403  403/403
treatments:site-edit            draft       403/403  200/422  404/404  403/403  403/403  403/403
treatments:site-edit            signed      403/403  302/422  404/404  403/403  403/403  403/403
treatments:site-edit            addended    403/403  302/422  404/404  403/403  403/403  403/403
treatments:site-edit            in-error    403/403  302/422  404/404  403/403  403/403  403/403
treatments:site-edit            restricted  403/403  404/404  404/404  403/403  403/403  403/403
treatments:site-strike          draft       403/403  405/302  405/404  403/403  403/403  403/403
treatments:site-strike          signed      403/403  405/409  405/404  403/403  403/403  403/403
treatments:site-strike          addended    403/403  405/409  405/404  403/403  403/403  403/403
treatments:site-strike          in-error    403/403  405/409  405/404  403/403  403/403  403/403
treatments:site-strike          restricted  403/403  405/404  405/404  403/403  403/403  403/403
treatments:site-which           draft       403/403  405/422  405/404  403/403  403/403  403/403
treatments:site-which           signed      403/403  405/409  405/404  403/403  403/403  403/403
treatments:site-which           addended    403/403  405/409  405/404  403/403  403/403  403/403
treatments:site-which           in-error    403/403  405/409  405/404  403/403  403/403  403/403
treatments:site-which           restricted  403/403  405/404  405/404  403/403  403/403  403/403
treatments:site-needles         draft       403/403  405/302  405/404  403/403  403/403  403/403
treatments:site-needles         signed      403/403  405/409  405/404  403/403  403/403  403/403
treatments:site-needles         addended    403/403  405/409  405/404  403/403  403/403  403/403
treatments:site-needles         in-error    403/403  405/409  405/404  403/403  403/403  403/403
treatments:site-needles         restricted  403/403  405/404  405/404  403/403  403/403  403/403
treatments:rule-answer          draft       403/403  405/422  405/404  403/403  403/403  403/403
treatments:rule-answer          signed      403/403  405/409  405/404  403/403  403/403  403/403
treatments:rule-answer          addended    403/403  405/409  405/404  403/403  403/403  403/403
treatments:rule-answer          in-error    403/403  405/409  405/404  403/403  403/403  403/403
treatments:rule-answer          restricted  403/403  405/404  405/404  403/403  403/403  403/403
treatments:measurement-add      draft       403/403  200/422  404/404  403/403  403/403  403/403
treatments:measurement-add      signed      403/403  302/409  404/404  403/403  403/403  403/403
treatments:measurement-add      addended    403/403  302/409  404/404  403/403  403/403  403/403
treatments:measurement-add      in-error    403/403  302/409  404/404  403/403  403/403  403/403
treatments:measurement-add      restricted  403/403  404/404  404/404  403/403  403/403  403/403
treatments:measurement-strike   draft       403/403  405/302  405/404  403/403  403/403  403/403
treatments:measurement-strike   signed      403/403  405/409  405/404  403/403  403/403  403/403
treatments:measurement-strike   addended    403/403  405/409  405/404  403/403  403/403  403/403
treatments:measurement-strike   in-error    403/403  405/409  405/404  403/403  403/403  403/403
treatments:measurement-strike   restricted  403/403  405/404  405/404  403/403  403/403  403/403
treatments:session-sign         draft       403/403  200/422  404/404  403/403  403/403  403/403
treatments:session-sign         signed      403/403  302/409  404/404  403/403  403/403  403/403
treatments:session-sign         addended    403/403  302/409  404/404  403/403  403/403  403/403
treatments:session-sign         in-error    403/403  302/409  404/404  403/403  403/403  403/403
treatments:session-sign         restricted  403/403  404/404  404/404  403/403  403/403  403/403
treatments:session-cosign       draft       403/403  200/422  200/422  200/422  403/403  403/403
treatments:session-cosign       signed      403/403  200/422  200/422  200/422  403/403  403/403
treatments:session-cosign       addended    403/403  200/422  200/422  200/422  403/403  403/403
treatments:session-cosign       in-error    403/403  200/422  200/422  200/422  403/403  403/403
treatments:session-cosign       restricted  403/403  404/404  404/404  404/404  403/403  403/403
treatments:session-void         draft       403/403  200/422  200/422  403/403  403/403  403/403
treatments:session-void         signed      403/403  200/409  200/409  403/403  403/403  403/403
treatments:session-void         addended    403/403  200/409  200/409  403/403  403/403  403/403
treatments:session-void         in-error    403/403  200/409  200/409  403/403  403/403  403/403
treatments:session-void         restricted  403/403  404/404  404/404  403/403  403/403  403/403
treatments:session-close        draft       403/403  403/403  403/403  200/422  403/403  403/403
treatments:session-close        signed      403/403  403/403  403/403  200/409  403/403  403/403
treatments:session-close        addended    403/403  403/403  403/403  200/409  403/403  403/403
treatments:session-close        in-error    403/403  403/403  403/403  200/409  403/403  403/403
treatments:session-close        restricted  403/403  403/403  403/403  404/404  403/403  403/403
treatments:session-supervisor   draft       403/403  403/403  403/403  200/422  403/403  403/403
treatments:session-supervisor   signed      403/403  403/403  403/403  200/422  403/403  403/403
treatments:session-supervisor   addended    403/403  403/403  403/403  200/422  403/403  403/403
treatments:session-supervisor   in-error    403/403  403/403  403/403  200/422  403/403  403/403
treatments:session-supervisor   restricted  403/403  403/403  403/403  404/404  403/403  403/403
treatments:addendum             draft       403/403  200/422  200/422  200/422  403/403  403/403
treatments:addendum             signed      403/403  200/422  200/422  200/422  403/403  403/403
treatments:addendum             addended    403/403  200/422  200/422  200/422  403/403  403/403
treatments:addendum             in-error    403/403  200/422  200/422  200/422  403/403  403/403
treatments:addendum             restricted  403/403  404/404  404/404  404/404  403/403  403/403
treatments:amendment-answer     draft       403/403  200/422  200/422  200/422  403/403  403/403
treatments:amendment-answer     addended    403/403  200/422  200/422  200/422  403/403  403/403
treatments:amendment-answer     restricted  403/403  404/404  404/404  404/404  403/403  403/403
treatments:session-error        draft       403/403  200/422  200/422  200/422  403/403  403/403
treatments:session-error        signed      403/403  200/422  200/422  200/422  403/403  403/403
treatments:session-error        addended    403/403  200/422  200/422  200/422  403/403  403/403
treatments:session-error        in-error    403/403  200/409  200/409  200/409  403/403  403/403
treatments:session-error        restricted  403/403  404/404  404/404  404/404  403/403  403/403
treatments:session-wrong-patient draft       403/403  200/422  200/422  200/422  403/403  403/403
treatments:session-wrong-patient signed      403/403  200/422  200/422  200/422  403/403  403/403
treatments:session-wrong-patient addended    403/403  200/422  200/422  200/422  403/403  403/403
treatments:session-wrong-patient in-error    403/403  200/422  200/422  200/422  403/403  403/403
treatments:session-wrong-patient restricted  403/403  404/404  404/404  404/404  403/403  403/403
treatments:session-copied       draft       403/403  302/422  404/404  403/403  403/403  403/403
treatments:session-copied       signed      403/403  302/409  404/404  403/403  403/403  403/403
treatments:session-copied       addended    403/403  302/409  404/404  403/403  403/403  403/403
treatments:session-copied       in-error    403/403  302/409  404/404  403/403  403/403  403/403
treatments:session-copied       restricted  403/403  404/404  404/404  403/403  403/403  403/403
treatments:session-changes      draft       403/403  200/422  200/404  200/403  403/403  403/403
treatments:session-changes      signed      403/403  200/409  200/404  200/403  403/403  403/403
treatments:session-changes      addended    403/403  200/409  200/404  200/403  403/403  403/403
treatments:session-changes      in-error    403/403  200/409  200/404  200/403  403/403  403/403
treatments:session-changes      restricted  403/403  404/404  404/404  404/403  403/403  403/403
treatments:session-aftercare    draft       403/403  200/405  200/405  200/405  403/403  403/403
treatments:session-aftercare    signed      403/403  200/405  200/405  200/405  403/403  403/403
treatments:session-aftercare    addended    403/403  200/405  200/405  200/405  403/403  403/403
treatments:session-aftercare    in-error    403/403  200/405  200/405  200/405  403/403  403/403
treatments:session-aftercare    restricted  403/403  404/405  404/405  404/405  403/403  403/403
treatments:aftercare-given      draft       403/403  405/302  405/404  403/403  403/403  403/403
treatments:aftercare-given      signed      403/403  405/409  405/404  403/403  403/403  403/403
treatments:aftercare-given      addended    403/403  405/409  405/404  403/403  403/403  403/403
treatments:aftercare-given      in-error    403/403  405/409  405/404  403/403  403/403  403/403
treatments:aftercare-given      restricted  403/403  405/404  405/404  403/403  403/403  403/403
treatments:session-print        draft       403/403  200/405  200/405  200/405  403/403  403/403
treatments:session-print        signed      403/403  200/405  200/405  200/405  403/403  403/403
treatments:session-print        addended    403/403  200/405  200/405  200/405  403/403  403/403
treatments:session-print        in-error    403/403  200/405  200/405  200/405  403/403  403/403
treatments:session-print        restricted  403/403  404/405  404/405  404/405  403/403  403/403
patients:find                   -           200/422  200/422  200/422  200/422  403/403  403/403
patients:register               -           200/422  200/422  200/422  403/403  403/403  403/403
patients:register-matches       -           200/200  200/200  200/200  403/403  403/403  403/403
patients:bring-in               -           403/403  403/403  403/403  200/422  200/422  403/403
patients:bring-in-file          -           403/403  403/403  403/403  200/422  404/404  403/403
patients:edit                   draft       200/422  200/422  200/422  403/403  403/403  403/403
patients:edit                   restricted  404/404  404/404  404/404  403/403  403/403  403/403
patients:alerts                 draft       200/404  200/404  200/404  403/403  403/403  403/403
patients:alerts                 restricted  404/404  404/404  404/404  403/403  403/403  403/403
patients:duplicates             -           200/405  200/405  200/405  200/405  403/403  403/403
patients:duplicate-apart        draft       200/422  200/422  200/422  200/422  403/403  403/403
patients:duplicate-apart        restricted  404/404  404/404  404/404  404/404  403/403  403/403
treatments:merge                draft       403/403  403/403  403/403  200/422  403/403  403/403
treatments:merge                restricted  403/403  403/403  403/403  404/404  403/403  403/403
treatments:merge-take-back      draft       403/403  403/403  403/403  200/422  403/403  403/403
treatments:merge-take-back      restricted  403/403  403/403  403/403  404/404  403/403  403/403
patients:restriction            draft       403/403  403/403  403/403  200/422  403/403  403/403
patients:restriction            restricted  403/403  403/403  403/403  200/422  403/403  403/403
patients:restriction-lift       draft       403/403  403/403  403/403  404/404  403/403  403/403
patients:restriction-lift       restricted  403/403  403/403  403/403  200/422  403/403  403/403
patients:glass                  draft       403/403  302/302  302/302  403/403  403/403  403/403
patients:glass                  restricted  403/403  200/422  200/422  403/403  403/403  403/403
patients:glass-seen             draft       405/403  405/403  405/403  405/302  405/403  405/403
patients:glass-seen             restricted  405/403  405/403  405/403  405/302  405/403  405/403
patients:keeping                draft       403/403  403/403  403/403  200/422  403/403  403/403
patients:keeping                restricted  403/403  403/403  403/403  404/404  403/403  403/403
patients:disclosures            draft       200/422  200/422  200/422  200/422  403/403  403/403
patients:disclosures            restricted  404/404  404/404  404/404  404/404  403/403  403/403
patients:visit-book             draft       200/422  200/422  200/422  403/403  403/403  403/403
patients:visit-book             restricted  404/404  404/404  404/404  403/403  403/403  403/403
patients:visit-start            draft       200/422  200/422  200/422  403/403  403/403  403/403
patients:visit-start            restricted  404/404  404/404  404/404  403/403  403/403  403/403
patients:visit-edit             draft       200/422  200/422  200/422  403/403  403/403  403/403
patients:visit-edit             restricted  404/404  404/404  404/404  403/403  403/403  403/403
patients:visit-step             draft       405/422  405/422  405/422  405/403  405/403  405/403
patients:visit-step             restricted  405/404  405/404  405/404  405/403  405/403  405/403
patients:visit-take-back        draft       200/422  200/422  200/422  403/403  403/403  403/403
patients:visit-take-back        restricted  404/404  404/404  404/404  403/403  403/403  403/403
patients:condition-search       -           403/403  200/200  200/200  403/403  403/403  403/403
patients:condition-add          draft       403/403  200/422  200/422  403/403  403/403  403/403
patients:condition-add          restricted  403/403  404/404  404/404  403/403  403/403  403/403
patients:condition-edit         draft       403/403  200/422  200/422  403/403  403/403  403/403
patients:condition-edit         restricted  403/403  404/404  404/404  403/403  403/403  403/403
patients:condition-resolve      draft       403/403  200/422  200/422  403/403  403/403  403/403
patients:condition-resolve      restricted  403/403  404/404  404/404  403/403  403/403  403/403
patients:episode                draft       403/403  200/422  200/422  403/403  403/403  403/403
patients:episode                restricted  403/403  404/404  404/404  403/403  403/403  403/403
patients:discharge              draft       403/403  200/422  200/422  403/403  403/403  403/403
patients:discharge              restricted  403/403  404/404  404/404  403/403  403/403  403/403
patients:screening-hand-over    draft       200/422  200/422  200/422  403/403  403/403  403/403
patients:screening-hand-over    restricted  404/404  404/404  404/404  403/403  403/403  403/403
patients:screening              draft       403/403  200/200  200/200  200/200  403/403  403/403
patients:screening              restricted  403/403  404/404  404/404  404/404  403/403  403/403
patients:screening-answer       draft       403/403  200/422  200/422  403/403  403/403  403/403
patients:screening-answer       restricted  403/403  404/404  404/404  403/403  403/403  403/403
patients:consent-start          draft       200/422  200/422  200/422  403/403  403/403  403/403
patients:consent-start          restricted  404/404  404/404  404/404  403/403  403/403  403/403
patients:consent-paper          draft       200/422  200/422  200/422  403/403  403/403  403/403
patients:consent-paper          restricted  404/404  404/404  404/404  403/403  403/403  403/403
patients:consent-refuse         draft       200/422  200/422  200/422  403/403  403/403  403/403
patients:consent-refuse         restricted  404/404  404/404  404/404  403/403  403/403  403/403
patients:consent                draft       200/422  200/422  200/422  200/200  403/403  403/403
patients:consent                restricted  404/404  404/404  404/404  404/404  403/403  403/403
patients:consent-print          draft       200/200  200/200  200/200  200/200  403/403  403/403
patients:consent-print          restricted  404/404  404/404  404/404  404/404  403/403  403/403
patients:papers                 draft       200/405  200/405  200/405  200/405  403/403  403/403
patients:papers                 restricted  404/405  404/405  404/405  404/405  403/403  403/403
patients:paper-file             draft       200/422  200/422  200/422  403/403  403/403  403/403
patients:paper-file             restricted  404/404  404/404  404/404  403/403  403/403  403/403
patients:paper-download         draft       200/405  200/405  200/405  200/405  403/403  403/403
patients:paper-download         restricted  404/405  404/405  404/405  404/405  403/403  403/403
patients:paper-wrong            draft       200/422  200/422  200/422  403/403  403/403  403/403
patients:paper-wrong            restricted  404/404  404/404  404/404  403/403  403/403  403/403
patients:consent-withdraw       draft       200/422  200/422  200/422  403/403  403/403  403/403
patients:consent-withdraw       restricted  404/404  404/404  404/404  403/403  403/403  403/403
"""

# Addresses without a permission check, each with what protects them.
PUBLIC = {
    "account_login": "the door itself",
    "account_logout": "whoever is inside may leave",
    "account_inactive": "says only that an account is closed",
    "account_reauthenticate": "asks the signed-in person for their password",
    "account_change_password": "asks the signed-in person for their password",
    "account_set_password": "answers that it is not here",
    "account_reset_password": "answers that it is not here",
    "account_signup": "answers that it is not here",
    "account_email": "answers that it is not here",
    "account_here": "tells the signed-in person how long until the lock",
    "account_lock": "locks the pages of who presses it",
    "theme": "light or dark at this device",
    "help": "leads to the help for one's own role",
    "help-page": "says what each role does, and nothing about anybody",
    "account_unlock": "asks the person whose page is locked for their password or passkey",
    "account_passkey_question": "asks the signed-in person's own passkey",
    "mfa_index": "each person's own second factors",
    "mfa_authenticate": "opens after the password, for the second step",
    "mfa_reauthenticate": "asks the signed-in person for a code",
    "mfa_activate_totp": "each person's own app, after a fresh proof",
    "mfa_deactivate_totp": "each person's own app, after a fresh proof",
    "mfa_view_recovery_codes": "each person's own codes, after a fresh proof",
    "mfa_download_recovery_codes": "each person's own codes, after a fresh proof",
    "mfa_generate_recovery_codes": "each person's own codes, after a fresh proof",
    "mfa_list_webauthn": "leads to each person's own second factors",
    "mfa_add_webauthn": "each person's own passkeys, after a fresh proof",
    "mfa_login_webauthn": "the door itself",
    "mfa_reauthenticate_webauthn": "asks the signed-in person's own passkey",
    "mfa_edit_webauthn": "each person's own passkeys, after a fresh proof",
    "mfa_remove_webauthn": "each person's own passkeys, after a fresh proof",
    "first-start": "opens for whoever holds the one-time link that was printed at the machine",
    "health": "says nothing about anybody",
    "metrics": "answers that it is not here",
    "patients:handover": "opens for the tablet that was handed over, and shows that one form",
    "patients:handover-step": "opens for the tablet that was handed over, and shows that one form",
    "patients:handover-return": "asks a member of staff for name and password",
}


@cache
def rows() -> dict[tuple[str, str], dict[str, tuple[int, int]]]:
    """{(address, state of the record): {role: (status when asked, status when sent)}}"""
    head, *lines = [line.split() for line in TABLE.splitlines() if line.strip()]
    assert tuple(head[2:]) == world.ROLES
    cells = {}
    for name, state, *statuses in lines:
        assert (name, state) not in cells, f"{name} {state} stands twice"
        pairs = [tuple(int(status) for status in cell.split("/")) for cell in statuses]
        cells[name, state] = dict(zip(world.ROLES, pairs, strict=True))
    return cells


def takes_a_post() -> set[str]:
    """Addresses that handle a POST of some role, and those that need no permission."""
    answered = {
        name for (name, _), cells in rows().items() if {sent for _, sent in cells.values()} - {403, 404, 405}
    }
    return answered | {name for name, why in PUBLIC.items() if why != "answers that it is not here"}
