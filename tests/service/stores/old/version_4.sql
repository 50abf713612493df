BEGIN TRANSACTION;
CREATE TABLE caregivers (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role TEXT NOT NULL,
    phone TEXT NOT NULL UNIQUE, opted_out INTEGER NOT NULL, last_notice_ms INTEGER, last_asked_ms INTEGER
) STRICT;
INSERT INTO "caregivers" VALUES(1,'dee','Dee','RN','+10004',0,NULL,NULL);
INSERT INTO "caregivers" VALUES(2,'ann','Ann','RN','+10001',0,NULL,NULL);
INSERT INTO "caregivers" VALUES(3,'eve','Eve','CNA','+10005',0,NULL,NULL);
INSERT INTO "caregivers" VALUES(4,'ben','Ben','RN','+10002',0,NULL,NULL);
INSERT INTO "caregivers" VALUES(5,'cat','Cat','RN','+10003',0,1740981601000,NULL);
INSERT INTO "caregivers" VALUES(6,'fay','Fay','CNA','+10006',0,NULL,NULL);
CREATE TABLE events (
    seq INTEGER PRIMARY KEY, shift INTEGER, version INTEGER, previous INTEGER, at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL, data TEXT NOT NULL
) STRICT;
INSERT INTO "events" VALUES(1,1,1,NULL,1740981600000,'fanout_started','{"role":"RN","start_ms":1741010400000,"end_ms":1741039200000,"policy":{"rounds":[{"after_s":0,"channel":"sms","limit":null},{"after_s":600,"channel":"voice","limit":null}],"answer_window_s":600}}');
INSERT INTO "events" VALUES(2,1,2,1,1740981600000,'offers_made','{"round":0,"channel":"sms","caregiver_ids":["dee","ann","ben","cat"]}');
INSERT INTO "events" VALUES(3,3,1,NULL,1740981600000,'fanout_started','{"role":"RN","start_ms":1741269600000,"end_ms":1741298400000,"policy":{"rounds":[{"after_s":0,"channel":"sms","limit":null},{"after_s":600,"channel":"voice","limit":null}],"answer_window_s":600}}');
INSERT INTO "events" VALUES(4,3,2,3,1740981600000,'offers_made','{"round":0,"channel":"sms","caregiver_ids":["dee","ann","ben","cat"]}');
INSERT INTO "events" VALUES(5,1,3,2,1740981600000,'send_started','{"key":"mon:1:0:sms:dee","caregiver_id":"dee","channel":"sms","attempt":1,"purpose":"offer","generation":1,"round":0,"confirms":[]}');
INSERT INTO "events" VALUES(6,1,4,5,1740981600000,'send_started','{"key":"mon:1:0:sms:ann","caregiver_id":"ann","channel":"sms","attempt":1,"purpose":"offer","generation":1,"round":0,"confirms":[]}');
INSERT INTO "events" VALUES(7,1,5,6,1740981600000,'send_started','{"key":"mon:1:0:sms:ben","caregiver_id":"ben","channel":"sms","attempt":1,"purpose":"offer","generation":1,"round":0,"confirms":[]}');
INSERT INTO "events" VALUES(8,1,6,7,1740981600000,'sent','{"key":"mon:1:0:sms:dee","caregiver_id":"dee","provider_id":"SM1"}');
INSERT INTO "events" VALUES(9,1,7,8,1740981600000,'send_failed','{"key":"mon:1:0:sms:ann","caregiver_id":"ann","why":"busy","final":false}');
INSERT INTO "events" VALUES(10,1,8,9,1740981601000,'replied','{"caregiver_id":"dee","intent":"decline","result":"declined"}');
INSERT INTO "events" VALUES(11,1,9,10,1740981601000,'replied','{"caregiver_id":"ann","intent":"accept","result":"claimed"}');
INSERT INTO "events" VALUES(12,1,10,11,1740981601000,'claimed','{"caregiver_id":"ann","by":"caregiver","reason":null}');
INSERT INTO "events" VALUES(13,2,1,NULL,1740981601000,'fanout_started','{"role":"RN","start_ms":1741024800000,"end_ms":1741053600000,"policy":{"rounds":[{"after_s":0,"channel":"sms","limit":null},{"after_s":600,"channel":"voice","limit":null}],"answer_window_s":600}}');
INSERT INTO "events" VALUES(14,2,2,13,1740981601000,'claimed','{"caregiver_id":"cat","by":"coordinator","reason":null}');
CREATE TABLE fanouts (
    shift INTEGER PRIMARY KEY, start_ms INTEGER NOT NULL, end_ms INTEGER NOT NULL, status TEXT NOT NULL,
    version INTEGER NOT NULL, last_ms INTEGER NOT NULL, last_seq INTEGER NOT NULL, holder INTEGER,
    since_ms INTEGER, next_deadline_ms INTEGER, answers TEXT NOT NULL DEFAULT '{}'
) STRICT;
INSERT INTO "fanouts" VALUES(1,1741010400000,1741039200000,'filled',10,1740981601000,12,2,1740981601000,NULL,'{"1":-1740981601000,"2":1740981601000}');
INSERT INTO "fanouts" VALUES(2,1741024800000,1741053600000,'filled',2,1740981601000,14,5,1740981601000,NULL,'{}');
INSERT INTO "fanouts" VALUES(3,1741269600000,1741298400000,'open',2,1740981600000,4,NULL,NULL,1740982200000,'{}');
CREATE TABLE inbox (
    message_id TEXT NOT NULL UNIQUE, result TEXT NOT NULL, at_ms INTEGER NOT NULL
) STRICT;
INSERT INTO "inbox" VALUES('m1','{"status":"claimed","shift_id":"mon","caregiver_id":"ann","reply":"Confirmed: RN shift Mon Mar 3 2pm-10pm is yours. Can''t make it? Reply NO B."}',1740981601000);
CREATE TABLE inbox_before (
    message_id TEXT NOT NULL UNIQUE, result TEXT NOT NULL, at_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE notes (
    number INTEGER PRIMARY KEY, shift INTEGER NOT NULL, caregiver_id TEXT NOT NULL, at_ms INTEGER NOT NULL,
    status TEXT NOT NULL, text TEXT NOT NULL
) STRICT;
CREATE TABLE offers (
    shift INTEGER NOT NULL, caregiver INTEGER NOT NULL, code TEXT NOT NULL, generation INTEGER NOT NULL,
    made_ms INTEGER NOT NULL, sent_ms INTEGER, helped_ms INTEGER,
    PRIMARY KEY (shift, caregiver)
) STRICT, WITHOUT ROWID;
INSERT INTO "offers" VALUES(1,1,'B',1,1740981600000,1740981600000,NULL);
INSERT INTO "offers" VALUES(1,2,'B',1,1740981600000,1740981600000,NULL);
INSERT INTO "offers" VALUES(1,4,'B',1,1740981600000,1740981600000,NULL);
INSERT INTO "offers" VALUES(1,5,'B',1,1740981600000,NULL,NULL);
INSERT INTO "offers" VALUES(2,5,'D',1,1740981601000,1740981601000,NULL);
INSERT INTO "offers" VALUES(3,1,'C',1,1740981600000,NULL,NULL);
INSERT INTO "offers" VALUES(3,2,'C',1,1740981600000,NULL,NULL);
INSERT INTO "offers" VALUES(3,4,'C',1,1740981600000,NULL,NULL);
INSERT INTO "offers" VALUES(3,5,'C',1,1740981600000,NULL,NULL);
CREATE TABLE outbox (
    number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, caregiver_id TEXT NOT NULL, channel TEXT NOT NULL,
    purpose TEXT NOT NULL, text TEXT NOT NULL, shift_id TEXT, generation INTEGER, round INTEGER,
    confirms TEXT, due_ms INTEGER NOT NULL, attempts INTEGER NOT NULL, status TEXT NOT NULL,
    lease_ms INTEGER, owner TEXT, epoch INTEGER, started_ms INTEGER, provider_id TEXT,
    priority INTEGER NOT NULL, ready_ms INTEGER NOT NULL
) STRICT;
INSERT INTO "outbox" VALUES(1,'mon:1:0:sms:dee','dee','sms','offer','RN shift Mon Mar 3 2pm-10pm. Reply YES B to take it, NO B to pass.','mon',1,0,NULL,1740981600000,1,'sent',NULL,NULL,NULL,1740981600000,'SM1',1,1740981600000);
INSERT INTO "outbox" VALUES(2,'mon:1:0:sms:ann','ann','sms','offer','RN shift Mon Mar 3 2pm-10pm. Reply YES B to take it, NO B to pass.','mon',1,0,NULL,1740981601000,1,'withdrawn',NULL,NULL,NULL,1740981600000,NULL,1,1740981601000);
INSERT INTO "outbox" VALUES(3,'mon:1:0:sms:ben','ben','sms','offer','RN shift Mon Mar 3 2pm-10pm. Reply YES B to take it, NO B to pass.','mon',1,0,NULL,1740981600000,1,'leased',1740981630000,'local',1,1740981600000,NULL,1,1740981630000);
INSERT INTO "outbox" VALUES(4,'mon:1:0:sms:cat','cat','sms','offer','RN shift Mon Mar 3 2pm-10pm. Reply YES B to take it, NO B to pass.','mon',1,0,NULL,1740981600000,0,'withdrawn',NULL,NULL,NULL,NULL,NULL,1,1740981600000);
INSERT INTO "outbox" VALUES(5,'thu:1:0:sms:dee','dee','sms','offer','RN shift Thu Mar 6 2pm-10pm. Reply YES C to take it, NO C to pass.','thu',1,0,NULL,1740981600000,0,'waiting',NULL,NULL,NULL,NULL,NULL,1,1740981600000);
INSERT INTO "outbox" VALUES(6,'thu:1:0:sms:ann','ann','sms','offer','RN shift Thu Mar 6 2pm-10pm. Reply YES C to take it, NO C to pass.','thu',1,0,NULL,1740981600000,0,'waiting',NULL,NULL,NULL,NULL,NULL,1,1740981600000);
INSERT INTO "outbox" VALUES(7,'thu:1:0:sms:ben','ben','sms','offer','RN shift Thu Mar 6 2pm-10pm. Reply YES C to take it, NO C to pass.','thu',1,0,NULL,1740981600000,0,'waiting',NULL,NULL,NULL,NULL,NULL,1,1740981600000);
INSERT INTO "outbox" VALUES(8,'thu:1:0:sms:cat','cat','sms','offer','RN shift Thu Mar 6 2pm-10pm. Reply YES C to take it, NO C to pass.','thu',1,0,NULL,1740981600000,0,'waiting',NULL,NULL,NULL,NULL,NULL,1,1740981600000);
INSERT INTO "outbox" VALUES(9,'answer/10','dee','sms','answer','OK, you pass on the RN shift Mon Mar 3 2pm-10pm. Thanks for telling us.','mon',NULL,NULL,NULL,1740981601000,0,'waiting',NULL,NULL,NULL,NULL,NULL,0,1740981601000);
INSERT INTO "outbox" VALUES(10,'answer/12','ann','sms','answer','Confirmed: RN shift Mon Mar 3 2pm-10pm is yours. Can''t make it? Reply NO B.','mon',NULL,NULL,'[12]',1740981601000,0,'waiting',NULL,NULL,NULL,NULL,NULL,0,1740981601000);
INSERT INTO "outbox" VALUES(11,'notice/15','cat','sms','notice','Confirmed: RN shift Mon Mar 3 6pm-Tue 2am is yours. Can''t make it? Reply NO D.','late',NULL,NULL,'[14]',1740981601000,0,'waiting',NULL,NULL,NULL,NULL,NULL,0,1740981601000);
CREATE TABLE policies (organization TEXT PRIMARY KEY, data TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO "policies" VALUES('default','{"rounds":[{"after_s":0,"channel":"sms","limit":null},{"after_s":600,"channel":"voice","limit":null}],"answer_window_s":600}');
CREATE TABLE replicas (id TEXT PRIMARY KEY, epoch INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO "replicas" VALUES('local',1);
CREATE TABLE rounds (
    shift INTEGER PRIMARY KEY, policy TEXT NOT NULL, generation INTEGER NOT NULL,
    opened_ms INTEGER NOT NULL, rounds_done INTEGER NOT NULL, round_ms INTEGER NOT NULL,
    exhausted INTEGER NOT NULL, contacted TEXT NOT NULL, declined TEXT NOT NULL
) STRICT;
INSERT INTO "rounds" VALUES(1,'{"rounds":[{"after_s":0,"channel":"sms","limit":null},{"after_s":600,"channel":"voice","limit":null}],"answer_window_s":600}',1,1740981600000,1,1740981600000,0,'["ann","ben","cat","dee"]','["dee"]');
INSERT INTO "rounds" VALUES(2,'{"rounds":[{"after_s":0,"channel":"sms","limit":null},{"after_s":600,"channel":"voice","limit":null}],"answer_window_s":600}',1,1740981601000,0,0,0,'[]','[]');
INSERT INTO "rounds" VALUES(3,'{"rounds":[{"after_s":0,"channel":"sms","limit":null},{"after_s":600,"channel":"voice","limit":null}],"answer_window_s":600}',1,1740981600000,1,1740981600000,0,'["ann","ben","cat","dee"]','[]');
CREATE TABLE shifts (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, data TEXT NOT NULL) STRICT;
INSERT INTO "shifts" VALUES(1,'mon','{"id":"mon","organization_id":"org","role_required":"RN","start_time":"2025-03-03T14:00:00Z","end_time":"2025-03-03T22:00:00Z","timezone":null,"location":null}');
INSERT INTO "shifts" VALUES(2,'late','{"id":"late","organization_id":"org","role_required":"RN","start_time":"2025-03-03T18:00:00Z","end_time":"2025-03-04T02:00:00Z","timezone":null,"location":null}');
INSERT INTO "shifts" VALUES(3,'thu','{"id":"thu","organization_id":"org","role_required":"RN","start_time":"2025-03-06T14:00:00Z","end_time":"2025-03-06T22:00:00Z","timezone":null,"location":null}');
INSERT INTO "shifts" VALUES(4,'aide','{"id":"aide","organization_id":"org","role_required":"CNA","start_time":"2025-03-03T14:00:00Z","end_time":"2025-03-03T22:00:00Z","timezone":null,"location":null}');
CREATE INDEX fanouts_due ON fanouts (next_deadline_ms) WHERE next_deadline_ms IS NOT NULL;
CREATE INDEX fanouts_holder ON fanouts (holder, end_ms, start_ms) WHERE holder IS NOT NULL;
CREATE VIEW assignments AS
    SELECT s.id AS shift_id, c.id AS caregiver_id, f.start_ms, f.end_ms, f.since_ms
    FROM fanouts f JOIN shifts s ON s.number = f.shift JOIN caregivers c ON c.number = f.holder;
CREATE INDEX offers_conversation ON offers (caregiver, made_ms);
CREATE VIEW journal AS
    SELECT e.seq, s.id AS shift_id, e.version, e.at_ms, e.kind, e.data
    FROM events e LEFT JOIN shifts s ON s.number = e.shift;
CREATE INDEX outbox_ready ON outbox (channel, priority, ready_ms) WHERE status IN ('waiting', 'leased');
CREATE INDEX outbox_offers ON outbox (shift_id) WHERE status = 'waiting' AND purpose = 'offer';
CREATE INDEX outbox_started ON outbox (started_ms) WHERE started_ms IS NOT NULL;
CREATE INDEX notes_shift ON notes (shift);
COMMIT;
PRAGMA application_id = 1178685007;
PRAGMA user_version = 4;
