// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @title Asks a contract wallet whether it holds a signature: ERC-1271, and ERC-6492 before its deployment
/// @notice Never deployed: the service sends its creation code in one `eth_call`, which returns, instead of
/// code, the chain's id and the verdict. So whatever the wallet or the factory does is undone at once, and
/// nobody has to trust a contract on the chain. TypeScript twin: src/chain/askContractWallets.ts.
/// @dev A factory is called only where the wallet has no code. ERC-6492 would also let the signature bring a
/// call to a deployed wallet ("prepare"); it could move anything that strangers can move for the length of
/// one call, such as who owns the token that owns the wallet (docs/decisions/0011).
contract WalletSignatureCheck {
    /// @dev Absent: no code at the wallet's address, neither before nor after the factory was called.
    enum Verdict {
        Absent,
        Refused,
        Accepted
    }

    /// @param wallet The account that is said to have signed.
    /// @param digest What it signed.
    /// @param signature As the wallet takes it, without the wrapper of ERC-6492.
    /// @param factory Who deploys the wallet; the zero address where the signature was not wrapped.
    /// @param factoryCall The call data that makes it do so.
    constructor(
        address wallet,
        bytes32 digest,
        bytes memory signature,
        address factory,
        bytes memory factoryCall
    ) {
        bytes memory answer = abi.encode(
            block.chainid,
            _verdict(wallet, digest, signature, factory, factoryCall)
        );
        assembly ("memory-safe") {
            return(add(answer, 32), mload(answer))
        }
    }

    function _verdict(
        address wallet,
        bytes32 digest,
        bytes memory signature,
        address factory,
        bytes memory factoryCall
    ) private returns (Verdict) {
        if (wallet.code.length == 0) _call(factory, factoryCall);
        if (wallet.code.length == 0) return Verdict.Absent;
        bytes memory question = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
        return _accepts(wallet, question) ? Verdict.Accepted : Verdict.Refused;
    }

    /// @dev What it returns is not copied, however much that is; what counts is whether the wallet is there then.
    function _call(address factory, bytes memory data) private {
        assembly ("memory-safe") {
            pop(call(gas(), factory, 0, add(data, 32), mload(data), 0, 0))
        }
    }

    /// @dev One word is looked at, however much the wallet returns. A wallet that burns its gas leaves us the
    /// 64th part of EIP-150, which is enough for an answer.
    function _accepts(address wallet, bytes memory question) private view returns (bool) {
        bool returned;
        uint256 size;
        bytes32 word;
        assembly ("memory-safe") {
            mstore(0, 0)
            returned := staticcall(gas(), wallet, add(question, 32), mload(question), 0, 32)
            size := returndatasize()
            word := mload(0)
        }
        return returned && size >= 32 && word == bytes32(IERC1271.isValidSignature.selector);
    }
}
