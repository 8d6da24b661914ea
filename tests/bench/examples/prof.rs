use masque_abi::*;
use masque_host::*;
use std::time::Instant;
fn main() {
    let host = Host::new(Limits::default()).unwrap();
    let bytes = {
        let mut so = masque_diagnostics::Sources::new();
        let id =
            so.add("homelab.masque.yaml", std::fs::read_to_string(std::env::args().nth(1).unwrap()).unwrap());
        let mut a = masquec::compile::analyse(&so, id);
        masquec::compile::generate(id, &mut a).unwrap().component()
    };
    let m = host.load(&bytes).unwrap();
    let mut w = m
        .session(Session { intent: "x".into(), ring: Ring::Player, agent: "a".into(), params: vec![] })
        .unwrap();
    for intent in [
        "",
        "d",
        "dep",
        "deploy",
        "deploy x",
        "deployx the small servi",
        "deploying the small servi",
        "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
    ] {
        let mut best = f64::MAX;
        for _ in 0..50 {
            let t = Instant::now();
            for _ in 0..20000 {
                std::hint::black_box(w.judge(std::hint::black_box(intent)).unwrap());
            }
            best = best.min(t.elapsed().as_secs_f64() * 1e9 / 20000.0);
        }
        println!("{:3} {best:.1}", intent.len());
    }
    let mut best = f64::MAX;
    let i = "deploying the small servi";
    for _ in 0..50 {
        let t = Instant::now();
        for _ in 0..20000 {
            std::hint::black_box(masque_host::intent::normalise(std::hint::black_box(i), 4096).unwrap());
        }
        best = best.min(t.elapsed().as_secs_f64() * 1e9 / 20000.0);
    }
    println!("normalise {best:.1}");
}
